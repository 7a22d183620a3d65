// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type EvidenceDocument, formatDigest } from '@latticra/evidence-format';
import { capabilityMetadataDocument } from './capability-metadata.js';
import { policyDecisionDocument } from './policy-decision.js';
import { type Surface, sealReport } from './report.js';
import { runtimeDryRunDocument } from './runtime-dry-run.js';
import { checkSource } from './source.js';

/** The reports that a receipt is written over. */
export interface ReceiptSources {
  readonly capabilityMetadata: EvidenceDocument;
  readonly policyDecision: EvidenceDocument;
  readonly runtimeDryRun: EvidenceDocument;
}

/**
 * Makes one receipt over the other three reports, bound to their texts by digest. Each is checked again: it has to deny
 * what every report denies, and to be, to the last line, what this package says for the same request.
 * @throws SealReportError `source-allows`, `source-altered`
 * @throws EvidenceError for a source that cannot be written as a document
 */
export function operatorReceiptDocument(sources: ReceiptSources): EvidenceDocument {
  const { capabilityMetadata, policyDecision, runtimeDryRun } = sources;
  const requested = capabilityMetadata.fields.find(({ key }) => key === 'capability_requested')?.value;
  const capability = requested === 'none' ? undefined : requested;
  return sealReport('operator_receipt', {
    operator_receipt_decision: 'denied',
    operator_receipt_source_count: Object.keys(sources).length,
    ...receiptFor('capability_metadata', capabilityMetadata, capabilityMetadataDocument(capability)),
    ...receiptFor('policy_decision', policyDecision, policyDecisionDocument()),
    ...receiptFor('runtime_dry_run', runtimeDryRun, runtimeDryRunDocument()),
    capability_requested: requested ?? 'none',
  });
}

/** Checks a source, and returns what the receipt says of it. */
function receiptFor(surface: Surface, source: EvidenceDocument, expected: EvidenceDocument) {
  const text = checkSource(surface, source, expected);
  return {
    [`seal_${surface}_report`]: 1,
    [`${surface}_denied`]: 1,
    [`${surface}_sha256`]: formatDigest(createHash('sha256').update(text).digest('hex')),
  };
}
