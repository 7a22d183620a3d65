// SPDX-License-Identifier: Apache-2.0
export { fileSource } from './layout/file.js';
export {
  type AsyncByteSource,
  type AsyncReader,
  type AsyncReaderOptions,
  asyncReader,
  type ByteSource,
  blobSource,
  bytesSource,
  createLayout,
  type Extent,
  type Hole,
  ImageError,
  type ImageErrorCode,
  type Layout,
  layoutChunks,
  layoutSource,
  readBytes,
  sliceSource,
  withoutZeros,
} from './layout/index.js';
export {
  type Comparison,
  compareBytes,
  type PassOptions,
  piecesOf,
  sumOf,
} from './layout/pass.js';
export type { WriteOptions } from './layout/target.js';
export { writeLayout } from './layout/write.js';
