// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument } from '@latticra/evidence-format';
import { sealReport } from './report.js';

/** Makes the report of what the policy decides about any request: no rule allows, so the default action stands. */
export function policyDecisionDocument(): EvidenceDocument {
  return sealReport('policy_decision', {
    policy_decision: 'deny',
    policy_decision_reason: 'no-rule-allows',
    policy_allow_rule_count: 0,
  });
}
