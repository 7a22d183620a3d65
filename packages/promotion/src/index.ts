// SPDX-License-Identifier: Apache-2.0
export { PromotionError, type PromotionErrorCode } from './error.js';
export { transcriptTemplateDocument, transcriptValidationDocument } from './transcript/documents.js';
export { TRANSCRIPT_KINDS, type TranscriptKind } from './transcript/kinds.js';
export { type RecordOptions, recordTranscript } from './transcript/record.js';
export { type Transcript, transcript } from './transcript/schema.js';
export { type ValidatedTranscript, validateTranscript } from './transcript/validate.js';
