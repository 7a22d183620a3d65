// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  READINESS_CLAIMS,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import type { StepRecord } from '../steps/account.js';
import { REHEARSAL_TITLE } from './folder.js';

/** The state of a rehearsal: `running` until the last step held, so that a crash leaves no `ok` behind. */
export type RehearsalStatus =
  | { readonly status: 'running' }
  | { readonly status: 'failed'; readonly reason: string }
  /** All that could be done here held, and a step was left out: nothing booted what the bundle holds. */
  | { readonly status: 'not-booted'; readonly reason: string; readonly bundle: string }
  | { readonly status: 'ok'; readonly bundle: string };

/** Makes the rehearsal's own report: what held, and where the report of each step is. It has no times in it. */
export function rehearsalDocument(
  artifactVersion: string,
  outcome: RehearsalStatus,
  steps: readonly StepRecord[],
): EvidenceDocument {
  return {
    title: REHEARSAL_TITLE,
    fields: fields({
      rehearsal_status: outcome.status,
      artifact_version: artifactVersion,
      steps_held: steps.filter(({ held }) => held).length,
      ...('reason' in outcome ? { rehearsal_failure: outcome.reason } : {}),
      operator_bundle_dir: 'bundle' in outcome ? outcome.bundle : 'none',
      ...WITHHELD_AUTHORITY,
      ...READINESS_CLAIMS,
      host_mutation_performed: 0,
    }),
    sections: steps.map(({ name, held, result, report }) => ({
      name: `step:${name.toLowerCase().replaceAll(' ', '-')}`,
      fields: fields({
        ...(held ? {} : { step_held: 0 }),
        step_result: result,
        step_report_path: report ?? 'none',
      }),
    })),
  };
}
