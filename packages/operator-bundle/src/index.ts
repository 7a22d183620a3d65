// SPDX-License-Identifier: Apache-2.0
export { OperatorBundleError, type OperatorBundleErrorCode } from './error.js';
export type { FirmwareChoice } from './firmware.js';
export { type BootEvidence, bootEvidence } from './records/evidence.js';
export { bootEvidenceSection } from './records/section.js';
export { type ChecksumsSignature, checksumsSignatureSection } from './signatures.js';
export { type OperatorBundleOptions, type OperatorBundleRequest, stageOperatorBundle } from './stage.js';
export { isOperatorBundle, type VerifiedBundle, type VerifyOptions, verifyOperatorBundle } from './verify.js';
