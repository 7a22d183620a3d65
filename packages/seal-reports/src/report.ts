// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, type FieldValues, fields } from '@latticra/evidence-format';
import { AUTHORITY_NOT_USED, DENIAL } from './decision.js';

/** The name of a report in titles, keys and profiles. */
export type Surface = 'capability_metadata' | 'policy_decision' | 'runtime_dry_run' | 'operator_receipt';

const TITLES: Record<Surface, string> = {
  capability_metadata: 'LATTICRA SEAL CAPABILITY METADATA',
  policy_decision: 'LATTICRA SEAL POLICY DECISION',
  runtime_dry_run: 'LATTICRA SEAL RUNTIME DRY RUN',
  operator_receipt: 'LATTICRA SEAL OPERATOR RECEIPT REPORT',
};

/** Makes a report: which one it is, what it is about, and what all of them say. It depends on its arguments only. */
export function sealReport(
  surface: Surface,
  own: FieldValues,
  sections: EvidenceDocument['sections'] = [],
): EvidenceDocument {
  return {
    title: TITLES[surface],
    fields: fields({
      [`seal_${surface}_report`]: 1,
      [`${surface}_profile`]: `latticra-seal-${surface.replaceAll('_', '-')}/0.1`,
      ...own,
      ...DENIAL,
    }),
    sections: [...sections, { name: 'authority_not_used', fields: fields(AUTHORITY_NOT_USED) }],
  };
}
