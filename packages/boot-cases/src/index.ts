// SPDX-License-Identifier: Apache-2.0
export { type BootCaseOptions, bootCase } from './boot.js';
export { BootCaseError, type BootCaseErrorCode } from './error.js';
export { type ImageToBoot, imageCase } from './image-case.js';
export { findImageParts, type ImageDigests, type ImageParts, measureImages } from './images.js';
export { type BootCase, caseNamed, matrixCases } from './matrix/cases.js';
export type {
  BootEvidence,
  BootMatrix,
  MatrixFirmware,
  MatrixImage,
  MatrixMachine,
} from './matrix/matrix.js';
export { loadMatrix, parseMatrix } from './matrix/parse.js';
export { type Merge, mergeRecords } from './merge.js';
export { BESIDE_RECORD, type RecordFiles } from './record/files.js';
export { gatherRecords } from './record/gather.js';
export { judge } from './record/judge.js';
export {
  type BootOutcome,
  type BootRecord,
  bootRecord,
  isAsExpected,
  type ParsedRecord,
  type RecordedFile,
  type Verdict,
} from './record/record.js';
export type { SignedBy } from './record/signature.js';
export type { RecordSummary } from './record/summary.js';
export {
  type VerifiedRecord,
  type VerifyRecordOptions,
  verifyHeld,
  verifyRecord,
  verifyRecordFiles,
} from './record/verify.js';
export { type GatherSummariesOptions, gatherSummaries } from './summaries/gather.js';
export { formatTable, type MatrixCell, type MatrixTable, tabulate } from './table.js';
