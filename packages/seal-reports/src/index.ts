// SPDX-License-Identifier: Apache-2.0
export {
  type Capability,
  type CapabilityStatus,
  type CapabilityVerdict,
  type DenialReason,
  judgeCapability,
} from './capability.js';
export { capabilityMetadataDocument } from './capability-metadata.js';
export { AUTHORITY_NOT_USED, DENIAL } from './decision.js';
export { SealReportError, type SealReportErrorCode } from './error.js';
export { operatorReceiptDocument, type ReceiptSources } from './operator-receipt.js';
export { policyDecisionDocument } from './policy-decision.js';
export { runtimeDryRunDocument } from './runtime-dry-run.js';
