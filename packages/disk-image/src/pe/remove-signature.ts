// SPDX-License-Identifier: Apache-2.0
import { createLayout, type Layout, layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes, sliceSource } from '../layout/source.js';
import { peChecksum } from './checksum.js';
import type { PeImage } from './open.js';

/**
 * Plans a program without its certificates: their table and its directory entry gone, and the check sum made new. It is
 * what was signed, byte for byte, where that had a right check sum and a length divisible by 8. A program
 * without certificates is planned as it is.
 */
export function removeSignature(source: ByteSource, program: PeImage): Layout {
  const { certificates, places } = program;
  if (!certificates) return createLayout(source.size, [{ offset: 0, source }]);
  const size = certificates.offset;
  const start = places.headersEnd;
  const header = Buffer.from(readBytes(source, 0, start));
  header.fill(0, places.certificateEntry, places.certificateEntry + 8);
  const layout = createLayout(size, [
    { offset: 0, source: bytesSource(header) },
    { offset: start, source: sliceSource(source, start, size - start) },
  ]);
  header.writeUInt32LE(peChecksum(layoutSource(layout), program), places.checksum);
  return layout;
}
