// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, readBytes } from '@latticra/disk-image';
import type { PeImage } from '@latticra/disk-image/pe';
import { UKI_SECTIONS } from './uki.js';

const SECTION_HEADER_SIZE = 40;

/**
 * Returns the stub that a unified kernel image begins with as it was before the builder added the sections: their headers
 * and what the builder wrote into others undone.
 * @param image of which the last sections are those of {@link UKI_SECTIONS}
 */
export function stubOf(source: ByteSource, { sections, places, headersSize }: PeImage): Uint8Array {
  const own = sections.length - UKI_SECTIONS.length;
  const added = sections.slice(own);
  const end = added[0]?.offset ?? headersSize;
  const stub = Buffer.from(readBytes(source, 0, end));
  stub.fill(0, places.sectionTable + own * SECTION_HEADER_SIZE, places.headersEnd);
  stub.writeUInt16LE(own, places.sectionCount);
  const data = stub.readUInt32LE(places.initializedDataSize);
  const addedData = added.reduce((sum, { rawSize }) => sum + rawSize, 0);
  stub.writeUInt32LE((data - addedData) >>> 0, places.initializedDataSize);
  stub.writeUInt32LE(added[0]?.address ?? 0, places.imageSize);
  stub.writeUInt32LE(0, places.checksum);
  stub.fill(0, places.certificateEntry, places.certificateEntry + 8);
  return stub;
}
