// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument } from '@latticra/evidence-format';
import { sealReport } from './report.js';

/**
 * Makes the report of what a runtime would do with any request: deny it, and do nothing. No runtime is started for it.
 */
export function runtimeDryRunDocument(): EvidenceDocument {
  return sealReport('runtime_dry_run', {
    runtime_dry_run_decision: 'deny',
    runtime_dry_run_reason: 'no-runtime-authority',
    runtime_started: 0,
    effects_planned: 0,
    effects_performed: 0,
  });
}
