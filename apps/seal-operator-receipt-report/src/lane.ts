// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import {
  capabilityMetadataDocument,
  operatorReceiptDocument,
  policyDecisionDocument,
  runtimeDryRunDocument,
} from '@latticra/seal-reports';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-seal-operator-receipt-report',
  version,
  summary: 'print one receipt over what the other three reports deny',
  details: `
Makes the capability metadata, policy decision and runtime dry run reports, checks that each denies everything,
and binds the receipt to their texts by digest. Nothing is read, written or run, and nothing is granted.`,
  examples: ['', '--json'],
  flags: {},
  async run() {
    return operatorReceiptDocument({
      capabilityMetadata: capabilityMetadataDocument(),
      policyDecision: policyDecisionDocument(),
      runtimeDryRun: runtimeDryRunDocument(),
    });
  },
});
