// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields } from '@latticra/evidence-format';
import { CAPABILITIES, judgeCapability } from './capability.js';
import { sealReport } from './report.js';

/**
 * Makes the report of what is known of one capability and of all candidates, each of them denied.
 * @param name the capability that is asked about; undefined when none is
 */
export function capabilityMetadataDocument(name?: string): EvidenceDocument {
  const { requested, status, scope, effectClass, reason } = judgeCapability(name);
  return sealReport(
    'capability_metadata',
    {
      capability_requested: requested,
      capability_status: status,
      capability_scope: scope,
      capability_effect_class: effectClass,
      capability_decision: 'denied',
      capability_denied_reason: reason,
      known_capability_count: CAPABILITIES.length,
    },
    CAPABILITIES.map((capability) => ({
      name: capability.name,
      fields: fields({
        capability_scope: capability.scope,
        capability_effect_class: capability.effectClass,
        capability_decision: 'denied',
        capability_denied_reason: judgeCapability(capability.name).reason,
      }),
    })),
  );
}
