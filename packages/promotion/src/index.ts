// SPDX-License-Identifier: Apache-2.0

export { PromotionError, type PromotionErrorCode } from './error.js';
export { evaluationDocument } from './evaluation/document.js';
export { type Evaluation, evaluatePromotion } from './evaluation/evaluate.js';
export type { EvaluateOptions } from './evaluation/options.js';
export { promotionEvaluation } from './evaluation/schema.js';
export type { Evidence, Piece, Refused } from './evidence/piece.js';
export { FIELD_NAMES, type FieldName } from './fields/names.js';
export type { Cited, Outcome } from './fields/outcome.js';
export { formatNext, type NextCommand, PLACEHOLDERS } from './next/command.js';
export { POLICY_FLAGS, type ReadPolicy, readPolicy } from './policy.js';
export { type ReviewOptions, recordReview, writeReview } from './recording/review.js';
export { type Review, review } from './review/schema.js';
export { transcriptTemplateDocument, transcriptValidationDocument } from './transcript/documents.js';
export { TRANSCRIPT_KINDS, type TranscriptKind } from './transcript/kinds.js';
export { type RecordOptions, recordTranscript } from './transcript/record.js';
export { type Transcript, transcript } from './transcript/schema.js';
export {
  type TranscriptSignature,
  type ValidatedTranscript,
  validateTranscript,
} from './transcript/validate.js';
