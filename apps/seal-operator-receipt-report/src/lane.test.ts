// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { itOnlyDenies, sealReport } from '../../../tools/testing/seal-report.js';
import { lane } from './lane.js';

describe(lane.bin, () => {
  itOnlyDenies(lane, { title: 'LATTICRA SEAL OPERATOR RECEIPT REPORT', surface: 'operator_receipt' });

  it('the operator receipt bundles the other three reports', async () => {
    expect((await sealReport(lane)).values).toMatchObject({
      seal_capability_metadata_report: '1',
      seal_policy_decision_report: '1',
      seal_runtime_dry_run_report: '1',
      operator_receipt_source_count: '3',
      capability_metadata_sha256: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      policy_decision_sha256: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      runtime_dry_run_sha256: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });
});
