// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { itOnlyDenies, sealReport } from '../../../tools/testing/seal-report.js';
import { lane } from './lane.js';

describe(lane.bin, () => {
  itOnlyDenies(lane, { title: 'LATTICRA SEAL CAPABILITY METADATA', surface: 'capability_metadata' });

  it.each([
    [[], 'missing', 'none', 'no-capability-named'],
    [
      ['--capability', 'seal.capability.inspect'],
      'known',
      'seal.capability.inspect',
      'a-report-grants-nothing',
    ],
    [['--capability', 'seal.capability.erase'], 'unknown', 'seal.capability.erase', 'not-a-known-capability'],
    [['--capability', '$(id)'], 'invalid', 'invalid', 'not-a-capability-name'],
  ])('the report called with %j denies a capability that is %s', async (argv, status, requested, reason) => {
    expect((await sealReport(lane, argv)).values).toMatchObject({
      capability_requested: requested,
      capability_status: status,
      capability_decision: 'denied',
      capability_denied_reason: reason,
      would_allow: '0',
    });
  });
});
