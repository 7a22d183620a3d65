// SPDX-License-Identifier: Apache-2.0
export { EvidenceReportError, type EvidenceReportErrorCode } from './error.js';
export { onlyLine } from './only-line.js';
