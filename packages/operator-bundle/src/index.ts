// SPDX-License-Identifier: Apache-2.0
export { OperatorBundleError, type OperatorBundleErrorCode } from './error.js';
export type { FirmwareChoice } from './firmware.js';
export { isOperatorBundle } from './is-bundle.js';
export { notDerivedSection } from './not-derived.js';
export type { BundlePage, VerifiedPage } from './page.js';
export { type CarriedEvidence, evidenceIn } from './promotion/carried.js';
export { promotionListing } from './promotion/listing.js';
export type { CarriedPromotion } from './promotion/stage.js';
export { type BootEvidence, bootEvidence } from './records/evidence.js';
export { bootEvidenceSection } from './records/section.js';
export type { OperatorBundleOptions, OperatorBundleRequest } from './request.js';
export { type ChecksumsSignature, checksumsSignatureSection } from './signatures.js';
export { type StagedBundle, stageOperatorBundle } from './stage.js';
export { type TakenImages, withTakenImages } from './taken.js';
export type { VerifiedDocuments } from './verify/derived.js';
export { type VerifiedBundle, type VerifyOptions, verifyOperatorBundle } from './verify/verify.js';
