// SPDX-License-Identifier: Apache-2.0
export { type ClaimKey, isClaimKey, READINESS_CLAIMS, WITHHELD_AUTHORITY } from './claims.js';
export { formatChecksumLine, formatDigest, isSha256Hex, parseChecksums } from './digest.js';
export { type EvidenceDocument, type Field, type Flag, flag, type Section } from './document.js';
export { EvidenceError, type EvidenceErrorCode, type EvidencePlace } from './error.js';
export { type FieldValue, type FieldValues, fields } from './fields.js';
export { formatDocument } from './format.js';
export { documentToJson } from './json.js';
export { escapeControls, isPlainText, MAX_DOCUMENT_BYTES, quoteText } from './limits.js';
export { parseDocument } from './parse.js';
