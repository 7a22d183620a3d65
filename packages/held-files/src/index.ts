// SPDX-License-Identifier: Apache-2.0
export { isAbsent } from './absent.js';
export { bytesIn } from './bytes-in.js';
export { withClaim } from './claim.js';
export { type CopyOptions, copyAndSum, copyAndUse } from './copy.js';
export { HeldFileError, type HeldFileErrorCode, readFailure, writeFailure } from './error.js';
export { ensureFolder, stageFolder, withFolderBeside } from './folder.js';
export { KeptMeasurements, withKeptMeasurements } from './kept.js';
export { measureAndUse, measureFile, measureOpen } from './measure.js';
export type { Measurement } from './measurement.js';
export { createNewFile, type NewFile } from './new-file.js';
export {
  type FilePlace,
  type OpenableFile,
  type Opened,
  pathOf,
  type StableFile,
  withStableFile,
} from './open.js';
export { setPermissions } from './permissions.js';
export { type FileContent, readStableFile } from './read.js';
export { isHalfWritten, REMAINS_CHANNEL, type Remains, remainsIn } from './remains.js';
export { type SmallFile, type SmallFolders, withSmallFolders } from './small-folders.js';
export type { MeasureFileOptions, MeasureOptions } from './sums.js';
export { withTemporaryFolder } from './temporary.js';
export { type Beside, twoAtOnce } from './two-at-once.js';
export { type Content, type WriteOptions, writeFileAtomic } from './write.js';
