// SPDX-License-Identifier: Apache-2.0
export { BootCaseError } from '../error.js';
export { copyRecord } from './copy.js';
export { gatherRecords, requireRecords } from './gather.js';
export {
  type BootOutcome,
  type BootRecord,
  isAsExpected,
  type RecordedFile,
  type Verdict,
} from './record.js';
export {
  type RecordFiles,
  recordFiles,
  type VerifiedRecord,
  verifyRecord,
  verifyRecordFiles,
} from './verify.js';
