// SPDX-License-Identifier: Apache-2.0
export { ImageError, type ImageErrorCode } from '../error.js';
export { type AsyncReader, type AsyncReaderOptions, asyncReader } from './async-reader.js';
export { type AsyncByteSource, blobSource } from './async-source.js';
export {
  createLayout,
  type Extent,
  type Hole,
  type Layout,
  layoutChunks,
  layoutSource,
} from './layout.js';
export { type ByteSource, bytesSource, readBytes, sliceSource } from './source.js';
export { withoutZeros } from './without-zeros.js';
