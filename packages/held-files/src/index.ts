// SPDX-License-Identifier: Apache-2.0
export { bytesIn } from './bytes-in.js';
export { type CopyOptions, copyAndSum, copyAndUse } from './copy.js';
export { HeldFileError, type HeldFileErrorCode, readFailure, writeFailure } from './error.js';
export { ensureFolder, stageFolder } from './folder.js';
export {
  type MeasureFileOptions,
  type Measurement,
  type MeasureOptions,
  measureAndUse,
  measureFile,
  measureOpen,
} from './measure.js';
export { createNewFile, type NewFile } from './new-file.js';
export {
  type FilePlace,
  type OpenableFile,
  type Opened,
  pathOf,
  type StableFile,
  withStableFile,
} from './open.js';
export { type FileContent, readStableFile } from './read.js';
export { type SmallFile, type SmallFolders, withSmallFolders } from './small-folders.js';
export { withTemporaryFolder } from './temporary.js';
export { type Content, type WriteOptions, writeFileAtomic } from './write.js';
