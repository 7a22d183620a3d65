// SPDX-License-Identifier: Apache-2.0
import type { Program } from '@latticra/lane';
import { version } from '../package.json';
import { rehearseLane } from './rehearse-lane.js';
import { reportLane } from './report-lane.js';

export const program: Program = {
  bin: 'latticra',
  version,
  summary: 'from built inputs to an OS image release that an operator can check',
  details: `
Begin with: latticra rehearse. What it leaves, latticra report shows as a page. Each command tells more with
--help. The single lanes are commands of their own, such as latticra-boot-seed-build; the README lists them.`,
  lanes: { rehearse: rehearseLane, report: reportLane },
};
