// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { runtimeDryRunDocument } from '@latticra/seal-reports';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-seal-runtime-dry-run-report',
  version,
  summary: 'report what a runtime would do with any request: nothing',
  details: `
No runtime is started to find that out. Nothing is read, written or run, and nothing is granted.`,
  examples: ['', '--json'],
  flags: {},
  async run() {
    return runtimeDryRunDocument();
  },
});
