// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { itOnlyDenies, sealReport } from '../../../tools/testing/seal-report.js';
import { lane } from './lane.js';

describe(lane.bin, () => {
  itOnlyDenies(lane, { title: 'LATTICRA SEAL RUNTIME DRY RUN', surface: 'runtime_dry_run' });

  it('the runtime dry run starts nothing and plans nothing', async () => {
    expect((await sealReport(lane)).values).toMatchObject({
      runtime_dry_run_decision: 'deny',
      runtime_started: '0',
      effects_planned: '0',
      effects_performed: '0',
    });
  });
});
