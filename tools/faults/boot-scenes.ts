// SPDX-License-Identifier: Apache-2.0
/** Scenes of the lanes that build images and boot them. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAPTURE_TOOLS, consentedImage } from '../../packages/boot-preview/test/captures.js';
import { layRelease as layShown } from '../../packages/evidence-report/test/folder.js';
import { biosGuest, GUEST_EXIT_CODE } from '../testing/guest.js';
import type { Lab, Scene } from './scene.js';

const QEMU = ['qemu-system-x86_64'];
const PREVIEW = 'seabios-grub-boot-preview';
const PROFILE = 'x86_64-grub2-bios-preview';

async function laySeed(folder: string, lab: Lab): Promise<void> {
  const made = await lab.once('seed', (at) => {
    lab.run(at, 'latticra-boot-seed-build', '--toolchain', 'prebuilt', '--output-dir', 'in');
    lab.run(
      at,
      'latticra-boot-seed-vm-image-build',
      '--kernel',
      'in/latticra-boot-seed.elf',
      '--output-dir',
      'in',
    );
  });
  cpSync(join(made, 'in'), join(folder, 'in'), { recursive: true });
}

const MATRIX = `schema = "latticra.boot-matrix/v0.1"
timeout_seconds = 30
memory_mib = 64
[expect]
lines = ["up"]
[machines.i440fx]
machine = "pc-i440fx"
firmware = "seabios"
[images.ends]
path = "ends.raw"
format = "raw"
attach = ["disk"]
exit_code = ${GUEST_EXIT_CODE}
`;

const layFolder = (folder: string): void => layShown(join(folder, 'in'));

function layMatrix(folder: string): void {
  mkdirSync(join(folder, 'in'), { recursive: true });
  writeFileSync(join(folder, 'in/matrix.toml'), MATRIX);
  writeFileSync(join(folder, 'in/ends.raw'), biosGuest('up\n'));
}

async function layRecords(folder: string, lab: Lab): Promise<void> {
  const made = await lab.once('records', (at) => {
    layMatrix(at);
    lab.run(at, 'latticra-boot-matrix', 'run', '--matrix', 'in/matrix.toml', '--output-dir', 'in/records');
  });
  cpSync(join(made, 'in'), join(folder, 'in'), { recursive: true });
}

async function layConsent(folder: string, lab: Lab): Promise<void> {
  const made = await lab.once('consent', async (at) => {
    const { manifest, consent } = await consentedImage(at, PROFILE, 'build-1');
    cpSync(join(at, manifest, '..'), join(at, 'in'), { recursive: true });
    cpSync(join(at, consent), join(at, 'in/consent.txt'));
  });
  cpSync(join(made, 'in'), join(folder, 'in'), { recursive: true });
}

const BOOT_MANIFEST = ['--boot-artifact-manifest', `in/${PROFILE}-boot-artifact-manifest.txt`];
const CAPTURE = [
  ...['--profile', PROFILE, ...BOOT_MANIFEST, '--operator-review-id', 'review-7'],
  ...['--operator-consent', 'in/consent.txt', '--output-dir'],
];

async function layEvidence(folder: string, lab: Lab): Promise<void> {
  const made = await lab.once('evidence', async (at) => {
    await layConsent(at, lab);
    lab.run(at, `${PREVIEW}-evidence-capture`, ...CAPTURE, 'in/evidence');
  });
  cpSync(join(made, 'in'), join(folder, 'in'), { recursive: true });
}

/**
 * What a boot begins with: that nothing is there of an earlier one, whose record must not stand for this. What the guest
 * wrote is kept, however far it came.
 */
const mayHold = (path: string, content: string | undefined) => content === undefined || path.endsWith('.log');
/** A rehearsal says in its report how far it is. */
const mayRehearse = (path: string, content: string | undefined) =>
  content === undefined ||
  (path === 'out/rehearsal.txt' && /^rehearsal_status=(running|failed)$/m.test(content));
const SMOKE = ['--iso', 'in/latticra-boot-seed.iso', '--output-dir', 'out'];

export const BOOT_SCENES: readonly Scene[] = [
  {
    command: 'latticra-boot-seed-build',
    argv: ['--toolchain', 'prebuilt', '--output-dir', 'out'],
    leaves: 'files',
    replaces: true,
  },
  {
    command: 'latticra-boot-seed-vm-image-build',
    argv: ['--kernel', 'in/latticra-boot-seed.elf', '--output-dir', 'out'],
    leaves: 'files',
    lay: laySeed,
    replaces: true,
  },
  {
    command: 'latticra-boot-seed-sbom-generate',
    argv: [
      ...['--iso', 'in/latticra-boot-seed.iso', '--vm-image', 'in/latticra-boot-seed.qcow2'],
      ...['--kernel', 'in/latticra-boot-seed.elf', '--efi-bootloader', 'in/BOOTX64.EFI'],
      ...[
        '--esp-raw',
        'in/latticra-boot-seed-esp.raw',
        '--source-commit',
        'abcdef0',
        '--output',
        'sbom.spdx.json',
      ],
    ],
    leaves: 'files',
    lay: laySeed,
    replaces: true,
  },
  {
    command: 'latticra-boot-seed-qemu-smoke',
    variant: 'in v86',
    argv: [...SMOKE, '--emulator', 'v86'],
    leaves: 'files',
    lay: laySeed,
    replaces: true,
    mayHold,
    slow: true,
  },
  {
    command: 'latticra-boot-seed-qemu-smoke',
    variant: 'in QEMU',
    argv: [...SMOKE, '--emulator', 'qemu', '--firmware', 'seabios'],
    leaves: 'files',
    lay: laySeed,
    replaces: true,
    mayHold,
    needs: QEMU,
    slow: true,
  },
  {
    command: 'latticra-boot-seed-qemu-smoke',
    variant: '--dry-run',
    argv: [...SMOKE, '--emulator', 'qemu', '--firmware', 'seabios', '--dry-run'],
    leaves: 'nothing',
    lay: laySeed,
    needs: QEMU,
  },
  {
    command: 'latticra rehearse',
    argv: ['--output-dir', 'out', '--emulator', 'v86'],
    leaves: 'files',
    mayHold: mayRehearse,
    tells: true,
    slow: true,
  },
  {
    command: 'latticra report',
    argv: ['in', '--output', 'page.html'],
    leaves: 'files',
    lay: layFolder,
    replaces: true,
  },
  {
    command: 'latticra-boot-matrix list',
    argv: ['--matrix', 'in/matrix.toml'],
    leaves: 'nothing',
    lay: layMatrix,
  },
  {
    command: 'latticra-boot-matrix run',
    argv: ['--matrix', 'in/matrix.toml', '--output-dir', 'out'],
    leaves: 'files',
    lay: layMatrix,
    mayHold,
    tells: true,
    needs: QEMU,
    slow: true,
  },
  {
    command: 'latticra-boot-matrix merge',
    argv: ['--from', 'in/records', '--into', 'out'],
    leaves: 'files',
    lay: layRecords,
    needs: QEMU,
  },
  {
    command: 'latticra-boot-matrix table',
    argv: ['--matrix', 'in/matrix.toml', '--records', 'in/records'],
    leaves: 'nothing',
    lay: layRecords,
    needs: QEMU,
  },
  {
    command: `${PREVIEW}-image-build`,
    argv: ['--profile', PROFILE, '--build-id', 'build-1', '--output-dir', 'out'],
    leaves: 'files',
    needs: CAPTURE_TOOLS,
    slow: true,
  },
  {
    command: `${PREVIEW}-evidence-capture`,
    argv: [...CAPTURE, 'out'],
    leaves: 'files',
    lay: layConsent,
    mayHold,
    needs: CAPTURE_TOOLS,
    slow: true,
  },
  {
    command: `${PREVIEW}-evidence-capture`,
    variant: '--dry-run',
    argv: [...CAPTURE, 'out', '--dry-run'],
    leaves: 'nothing',
    lay: layConsent,
    needs: CAPTURE_TOOLS,
    slow: true,
  },
  { command: `${PREVIEW}-preflight`, argv: [], leaves: 'nothing' },
  { command: `${PREVIEW}-qemu-argv-template`, argv: [], leaves: 'nothing' },
  { command: `${PREVIEW}-boot-artifact-manifest-template`, argv: [], leaves: 'nothing' },
  { command: `${PREVIEW}-boot-artifact-manifest-validate`, argv: [], leaves: 'nothing' },
  {
    command: `${PREVIEW}-boot-artifact-manifest-validate`,
    variant: 'of a manifest',
    argv: BOOT_MANIFEST,
    leaves: 'nothing',
    lay: layConsent,
    needs: CAPTURE_TOOLS,
    slow: true,
  },
  { command: `${PREVIEW}-evidence-template`, argv: [], leaves: 'nothing' },
  { command: `${PREVIEW}-evidence-validate`, argv: [], leaves: 'nothing' },
  {
    command: `${PREVIEW}-evidence-validate`,
    variant: 'of a record',
    argv: ['--evidence', `in/evidence/${PROFILE}-evidence.txt`],
    leaves: 'nothing',
    lay: layEvidence,
    needs: CAPTURE_TOOLS,
    slow: true,
  },
];
