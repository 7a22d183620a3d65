// SPDX-License-Identifier: Apache-2.0
export { EvidenceReportError, type EvidenceReportErrorCode } from './error.js';
export { readEvidence } from './model/build.js';
export type { EvidenceModel, VerdictWord } from './model/model.js';
export { renderReport } from './page/render.js';
export type { ReadOptions } from './read/evidence.js';
