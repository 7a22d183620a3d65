// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { documentToJson } from '@latticra/evidence-format';
import { defineLane, EXIT_CODE, LaneError } from '@latticra/lane';
import { seal } from '@latticra/seal-integrity';
import { version } from '../package.json';

/** Returns whether the call was wrong, so that nothing was looked at. */
const isWrongCall = (error: unknown) =>
  error instanceof LaneError && (error.code === 'usage' || error.code === 'unsafe-value');

export const lane = defineLane({
  bin: 'latticra-seal-smoke',
  version,
  summary: 'check what latticra-seal check does, by plain paths: the legacy smoke lane',
  details: `
Writes reports/latticra-seal-report.txt and, where nothing failed, reports/latticra-seal-file-hashes.txt. It does not
hold the folders it is in: where somebody else can rename them meanwhile, take latticra-seal check.`,
  examples: ['', '--root ../project'],
  exits: {
    of: (error) => (isWrongCall(error) ? EXIT_CODE.usage : 2),
    help: 'Exit: 0 PASS, 1 FAIL, 2 cannot run safely, 64 usage.\n',
  },
  flags: {
    root: { value: 'path', placeholder: 'folder', help: 'the project root (default: the current folder)' },
  },
  async run({ flags, cwd, progress, signal }) {
    const { status, document, lines } = await progress.track(
      'reading',
      (advance) =>
        seal({
          command: 'smoke',
          anchoring: 'none',
          root: resolve(cwd, flags.root ?? '.'),
          onBytes: advance,
          onFiles: (files) => advance(0, files),
          signal,
        }),
      undefined,
    );
    return {
      text: `${lines.join('\n')}\n`,
      json: documentToJson(document),
      status: status === 'PASS' ? 0 : 1,
    };
  },
});
