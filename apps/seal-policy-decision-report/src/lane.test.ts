// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { itOnlyDenies, sealReport } from '../../../tools/testing/seal-report.js';
import { lane } from './lane.js';

describe(lane.bin, () => {
  itOnlyDenies(lane, { title: 'LATTICRA SEAL POLICY DECISION', surface: 'policy_decision' });

  it('the policy decision has no rule that allows', async () => {
    expect((await sealReport(lane)).values).toMatchObject({
      policy_decision: 'deny',
      policy_decision_reason: 'no-rule-allows',
      policy_allow_rule_count: '0',
    });
  });
});
