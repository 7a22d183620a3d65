// SPDX-License-Identifier: Apache-2.0
export { BootCaseError } from '../error.js';
export { copyRecord } from './copy.js';
export { distinctRecords } from './distinct.js';
export type { RecordFiles } from './files.js';
export { gatherRecords, requireRecords } from './gather.js';
export {
  type BootOutcome,
  type BootRecord,
  isAsExpected,
  type RecordedFile,
  type Verdict,
} from './record.js';
export type { SignedBy } from './signature.js';
export {
  recordFiles,
  type VerifiedRecord,
  type VerifyRecordOptions,
  verifyRecord,
  verifyRecordFiles,
} from './verify.js';
