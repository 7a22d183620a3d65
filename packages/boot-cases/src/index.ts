// SPDX-License-Identifier: Apache-2.0
export { type BootCaseOptions, bootCase } from './boot.js';
export { BootCaseError, type BootCaseErrorCode } from './error.js';
export { type BootCase, caseNamed, matrixCases } from './matrix/cases.js';
export type {
  BootEvidence,
  BootMatrix,
  MatrixFirmware,
  MatrixImage,
  MatrixMachine,
} from './matrix/matrix.js';
export { loadMatrix, parseMatrix } from './matrix/parse.js';
export { MATRIX_SCHEMA } from './matrix/schema.js';
export { type Merge, mergeRecords } from './merge.js';
export { recordDocument } from './record/format.js';
export { gatherRecords } from './record/gather.js';
export { isAsExpected, judge } from './record/judge.js';
export { type ParsedRecord, parseRecord } from './record/parse.js';
export type { BootOutcome, BootRecord, FirmwareDigests, RecordedFile, Verdict } from './record/record.js';
export { RECORD_FILE, RECORD_TITLE } from './record/record.js';
export { type VerifiedRecord, verifyRecord } from './record/verify.js';
export { formatTable, type MatrixCell, type MatrixTable, tabulate } from './table.js';
