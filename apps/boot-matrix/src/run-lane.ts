// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import {
  type BootCase,
  BootCaseError,
  bootCase,
  caseNamed,
  isAsExpected,
  loadMatrix,
  matrixCases,
} from '@latticra/boot-cases';
import { defineLane, LaneError } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { MACHINE_KEY_FLAG, namedSigner } from '@latticra/signature';
import { version } from '../package.json';
import { IMAGE_FLAGS, readImageFlags } from './one-image.js';

const MATRIX = 'boot-matrix.toml';

/** Boots one case, or all of them. */
export const runLane = defineLane({
  bin: 'latticra-boot-matrix run',
  version,
  summary: 'boot cases in QEMU, and leave a record of each',
  details: `
Boots the named cases, or all of them, one after the other; a scheduler that wants more at once starts more of these.
Each gets a folder of its name with record.txt, the serial log, the argv and, where there was time for one, a screenshot.
With --machine-key each record is signed for latticra-boot: what is invented somewhere else then has no signature by that key.
With --image no matrix is needed: that image, of whatever format it is found to be, is booted once, as the case
<format>_<attach>_seabios, and has to show what the --expect flags say. Every case is booted before a bad one ends the command, with exit code 70.`,
  examples: [
    '',
    '--case seed-iso_cdrom_seabios-i440fx --output-dir build/boot-matrix/records',
    `--image latticra-x86_64.iso --expect-prompt 'login: ' --memory-mib 1024 --timeout-seconds 900`,
  ],
  fixture: bootPreviewFixture,
  flags: {
    matrix: { value: 'path', placeholder: 'file', help: `the matrix (default: ${MATRIX})` },
    case: {
      value: 'text',
      placeholder: 'name',
      help: 'the case to boot (default: every case of the matrix)',
    },
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      default: 'build/boot-matrix/records',
      help: 'where the records go',
    },
    ...MACHINE_KEY_FLAG,
    ...IMAGE_FLAGS,
  },
  async run({ flags, cwd, env, signal, print, tell, progress }) {
    if (flags.image !== undefined) assertNoMatrix(flags);
    const image = await readImageFlags(flags, cwd);
    const cases = image === undefined ? await casesOf(flags, cwd) : [image];
    const outputDir = resolve(cwd, flags['output-dir']);
    const signer = await namedSigner(flags['machine-key'], { cwd, env, signal, tell });
    const bad: string[] = [];
    const records = [];
    for (const one of cases) {
      const { record, verdict, sha256 } = await progress.wait(`booting ${one.name}`, () =>
        bootCase(one, { outputDir, env, signal, signer }),
      );
      const { outcome, reason } = verdict;
      if (!isAsExpected(record, verdict)) {
        bad.push(`${one.name} ${outcome}${reason === undefined ? '' : `: ${reason}`}`);
      }
      records.push({ case: one.name, outcome, reason: reason ?? null, record_sha256: sha256 });
      print(`${one.name} ${outcome} ${(record.durationMs / 1000).toFixed(1)} s`);
    }
    if (bad.length > 0) {
      throw new BootCaseError('unfulfilled', bad.join('; '), { fix: `look into ${flags['output-dir']}` });
    }
    return { text: '', json: `${JSON.stringify({ records })}\n` };
  },
});

/** The flags that say which cases of which matrix are meant. */
interface MatrixFlags {
  readonly matrix: string | undefined;
  readonly case: string | undefined;
}

/** Returns the cases that are meant: the one that is named, or all of the matrix. */
async function casesOf({ matrix: path = MATRIX, case: name }: MatrixFlags, cwd: string): Promise<BootCase[]> {
  const matrix = await loadMatrix(resolve(cwd, path));
  return name === undefined ? matrixCases(matrix) : [caseNamed(matrix, name)];
}

function assertNoMatrix(flags: MatrixFlags): void {
  const name = (['matrix', 'case'] as const).find((each) => flags[each] !== undefined);
  if (name !== undefined)
    throw new LaneError('usage', `--${name}: an image that is booted by itself is of no matrix`, {
      fix: `leave out --image or --${name}`,
    });
}
