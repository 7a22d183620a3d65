// SPDX-License-Identifier: Apache-2.0
export { ImageError, type ImageErrorCode } from './error.js';
export {
  createLayout,
  type Extent,
  type Hole,
  type Layout,
  layoutChunks,
  layoutSource,
} from './layout/layout.js';
export {
  type Comparison,
  compareBytes,
  type PassOptions,
  piecesOf,
  sumOf,
} from './layout/pass.js';
export { type ByteSource, bytesSource, fileSource, readBytes, sliceSource } from './layout/source.js';
