// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { loadMatrix, matrixCases } from '@latticra/boot-cases';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';
import { MATRIX_FLAG } from './flags.js';

/** Tells a person, or a CI service, what there is to boot. */
export const listLane = defineLane({
  bin: 'latticra-boot-matrix list',
  version,
  summary: 'print the cases of a matrix, one a line',
  details: `
Reads the matrix and nothing else. With --json it is {"include": [{"case": …}, …]}, which a CI service takes for a
job of each case.`,
  examples: ['', '--matrix images/boot-matrix.toml --json'],
  fixture: bootPreviewFixture,
  flags: MATRIX_FLAG,
  async run({ flags, cwd }) {
    const cases = matrixCases(await loadMatrix(resolve(cwd, flags.matrix)));
    const include = cases.map(({ name, image, attach, machine }) => ({
      case: name,
      image: image.name,
      attach,
      machine: machine.name,
    }));
    return {
      text: cases.map(({ name }) => `${name}\n`).join(''),
      json: `${JSON.stringify({ include })}\n`,
    };
  },
});
