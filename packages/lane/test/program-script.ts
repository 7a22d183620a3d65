// SPDX-License-Identifier: Apache-2.0
/** A command of one lane as a real process. */
import { runProgram } from '../src/index.js';
import { testLane } from './lane.js';

const work = testLane({}, async () => ({ title: 'ANSWER', fields: [], sections: [] }));
const texts = {
  bin: 'latticra-tests',
  version: '1.2.3',
  summary: 'tests programs',
  details: 'Begin with work.',
};
process.exit(await runProgram({ ...texts, lanes: { work } }));
