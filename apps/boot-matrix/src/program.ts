// SPDX-License-Identifier: Apache-2.0
import type { Program } from '@latticra/lane';
import { version } from '../package.json';
import { listLane } from './list-lane.js';
import { mergeLane } from './merge-lane.js';
import { runLane } from './run-lane.js';
import { tableLane } from './table-lane.js';

/** The command. */
export const program: Program = {
  bin: 'latticra-boot-matrix',
  version,
  summary: 'boot images by machines, each a case of its own, and gather the records',
  details: `
A matrix is a TOML file of images and machines. list tells its cases, run boots one or all of them, merge brings the
records of several computers together, and table says whether everything is as the matrix expects. See docs/scale.md.`,
  lanes: { list: listLane, run: runLane, merge: mergeLane, table: tableLane },
};
