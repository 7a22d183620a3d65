// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import {
  findImageParts,
  formatTable,
  gatherSummaries,
  loadMatrix,
  measureImages,
  tabulate,
} from '@latticra/boot-cases';
import { defineLane, EXIT_CODE } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../package.json';
import { MATRIX_FLAG } from './flags.js';

/** Shows what came of the cases, as far as there are records. */
export const tableLane = defineLane({
  bin: 'latticra-boot-matrix table',
  version,
  summary: 'hold records against their matrix, in one table',
  details: `
Verifies every record again, measures the images as they are now, and prints a row for each image and a column for each machine; below it, a line for each case
that is missing, failed, or is of something else. With --allowed-signers every record has to be signed by one of them. Exit code 70 unless there is none.`,
  examples: ['', '--records merged --json'],
  fixture: bootPreviewFixture,
  flags: {
    ...MATRIX_FLAG,
    records: {
      value: 'path',
      placeholder: 'folder',
      default: 'build/boot-matrix/records',
      help: 'folder of records, as run or merge leaves it',
    },
    ...SIGNER_FLAGS,
  },
  async run({ flags, cwd }) {
    const matrix = await loadMatrix(resolve(cwd, flags.matrix));
    const records = await gatherSummaries(resolve(cwd, flags.records), {
      signers: await signersOf(flags, cwd),
      // Nothing else is under way by then.
      mayChangeDirectory: true,
    });
    const parts = await findImageParts(matrix, records);
    const table = tabulate(matrix, records, await measureImages(matrix), parts);
    const { cells, problems } = table;
    const total = problems.length === 0 ? `All ${cells.length} cases are as expected.` : problems.join('\n');
    const list = cells.map(({ case: { name }, text, problem }) => ({
      case: name,
      text,
      problem: problem ?? null,
    }));
    return {
      text: `${formatTable(matrix, table)}\n${total}\n`,
      json: `${JSON.stringify({ cases: list, problems })}\n`,
      status: problems.length === 0 ? EXIT_CODE.ok : EXIT_CODE.unfulfilled,
    };
  },
});
