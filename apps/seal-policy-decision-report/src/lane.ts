// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { policyDecisionDocument } from '@latticra/seal-reports';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-seal-policy-decision-report',
  version,
  summary: 'report what the policy decides about any request: deny',
  details: `
There is no rule that allows anything, so the default action stands. Nothing is read, written or run, and
nothing is granted.`,
  examples: ['', '--json'],
  flags: {},
  async run() {
    return policyDecisionDocument();
  },
});
