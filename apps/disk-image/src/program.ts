// SPDX-License-Identifier: Apache-2.0
import type { Program } from '@latticra/lane';
import { version } from '../package.json';
import { catLane } from './cat-lane.js';
import { extractLane } from './extract-lane.js';
import { lsLane } from './ls-lane.js';

/** The command. */
export const program: Program = {
  bin: 'latticra-disk-image',
  version,
  summary: 'list, print and extract the files of a disk image',
  details: `
Reads ISO 9660 with Rock Ridge or Joliet, FAT and EROFS, alone or in a partition, as they are or in a qcow2 file. Nothing is
mounted, and nobody has to be root. What an image is by its content, latticra inspect tells.`,
  lanes: { ls: lsLane, cat: catLane, extract: extractLane },
};
