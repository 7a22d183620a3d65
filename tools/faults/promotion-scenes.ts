// SPDX-License-Identifier: Apache-2.0
/** Scenes of the lanes that write down what people did and decided, and of the one that asks what all of it shows. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layTranscript, logOf, SAID, sum } from '../../packages/promotion/test/transcripts.js';
import { privateFile } from '../../packages/signature/test/private-file.js';
import type { Lab, Scene } from './scene.js';
import { INPUTS, LABELS, layBuilt, layKeyed } from './system-scenes.js';

const LANE = 'latticra-os-image';
const AT = ['--verify-time', '2026-12-01T00:00:00Z'];
const SIGNERS = ['--allowed-signers', 'in/allowed_signers', ...AT];
const IMAGE = 'an image\n';

/** Lays a transcript with its log. */
const layWritten = (folder: string): void => void layTranscript(join(folder, 'in'), 'usb');

/** Lays what a transcript is made from. */
function layWork(folder: string): void {
  mkdirSync(join(folder, 'in'), { recursive: true });
  writeFileSync(join(folder, 'in/os.iso'), IMAGE);
  writeFileSync(join(folder, 'in/recovery.md'), 'write it again\n');
  writeFileSync(
    join(folder, 'in/usb.log'),
    logOf({ ...SAID, image: { size: IMAGE.length, sha256: sum(IMAGE) } }),
  );
}

/** Lays a release, a key that everybody has, and a folder for reviews. */
async function layReviewed(folder: string, lab: Lab): Promise<void> {
  await layBuilt(folder, lab);
  cpSync(join(folder, 'in/os'), join(folder, 'in/evidence'), { recursive: true });
  writeFileSync(join(folder, 'in/key'), privateFile(), { mode: 0o600 });
  writeFileSync(join(folder, 'in/allowed_signers'), '# nobody\n');
}

const EVIDENCE = 'in/promotion/evidence';

/** Lays what a release is promoted by: evidence that a key signed that everybody has, the list with that key, and the evaluation. */
async function layPromoted(folder: string, lab: Lab): Promise<void> {
  const made = await lab.once('promoted', (at) => {
    layKeyed(at);
    mkdirSync(join(at, EVIDENCE), { recursive: true });
    writeFileSync(join(at, 'in/recovery.md'), 'write it again\n');
    writeFileSync(
      join(at, 'in/promotion/allowed_signers'),
      `builder namespaces="latticra-build" ${readFileSync(join(at, 'in/key.pub'), 'utf8')}`,
    );
    const recovery = ['--operator-recovery-path', 'in/recovery.md'];
    const built = ['--sign-key', 'in/key', '--output-dir', `${EVIDENCE}/os`];
    lab.run(at, `${LANE}-build`, ...INPUTS, ...LABELS, ...recovery, ...built);
    const by = ['--allowed-signers', 'in/promotion/allowed_signers', ...AT];
    const asked = ['--evidence-dir', EVIDENCE, '--repository', 'tmp', ...by];
    const answer = '"$0" "$@" > in/promotion/evaluation.txt';
    lab.run(at, 'sh', '-c', answer, `${LANE}-promotion-evaluate`, ...asked);
  });
  cpSync(join(made, 'in'), join(folder, 'in'), { recursive: true });
}

export const PROMOTION_SCENES: readonly Scene[] = [
  { command: `${LANE}-transcript-template`, argv: ['--kind', 'usb-write'], leaves: 'nothing' },
  {
    command: `${LANE}-transcript-validate`,
    argv: ['--transcript', 'in/usb.txt'],
    leaves: 'nothing',
    lay: layWritten,
  },
  {
    command: `${LANE}-transcript-record`,
    argv: [
      ...[
        '--kind',
        'usb-write',
        '--log',
        'in/usb.log',
        '--image',
        'in/os.iso',
        '--runbook',
        'in/recovery.md',
      ],
      ...['--artifact-version', '1.0', '--operator', SAID.operator, '--machine-vendor', 'Lenovo'],
      ...['--machine-model', 'ThinkPad', '--machine-serial', SAID.machine.serial, '--device', '/dev/sdb'],
      ...[
        '--device-model',
        'Ultra',
        '--device-serial',
        SAID.device.serial,
        '--device-size-bytes',
        '30752000000',
      ],
      ...['--removable', '--confirm-checksum', '--confirm-no-required-data', '--confirm-consent'],
      ...['--outcome', 'done', '--observed', 'all was written', '--', ...SAID.command.split(' ')],
    ],
    leaves: 'nothing',
    lay: layWork,
  },
  {
    command: `${LANE}-review-record`,
    argv: [
      ...[
        '--artifact-manifest',
        'in/evidence/manifest.txt',
        '--evidence',
        'in/evidence',
        '--reviewer',
        'bob',
      ],
      ...[
        '--decision',
        'approve',
        '--reviewed-at',
        '2026-11-20T00:00:00Z',
        '--key',
        'in/key',
        '--output',
        'review.txt',
      ],
    ],
    leaves: 'files',
    lay: layReviewed,
  },
  {
    command: `${LANE}-promotion-evaluate`,
    argv: ['--evidence-dir', 'in/evidence', '--repository', 'in', ...SIGNERS],
    leaves: 'nothing',
    lay: layReviewed,
  },
  {
    command: `${LANE}-operator-bundle-from-artifacts`,
    variant: '--promotion-dir',
    argv: [
      ...['--artifact-manifest', `${EVIDENCE}/os/manifest.txt`, '--promotion-dir', 'in/promotion'],
      ...['--sign-key', 'in/key', '--vm-firmware', 'seabios', '--output-dir', 'out'],
    ],
    leaves: 'files',
    lay: layPromoted,
  },
];
