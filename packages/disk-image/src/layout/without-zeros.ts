// SPDX-License-Identifier: Apache-2.0
import { createLayout, type Extent, type Layout } from './layout.js';
import { sliceSource } from './source.js';

/** The cluster that `encodeQcow2` writes, and a multiple of what file systems allocate. */
const UNIT = 1 << 16;
const CHUNK = 1 << 20;

/**
 * Returns the same image with holes where it has zeros: whole units of 64 KiB, counted from its first byte. Reads all content
 * once, and keeps none.
 *
 * @example
 * import { openSync, statSync } from 'node:fs';
 * import { createLayout, fileSource, withoutZeros, writeLayout } from '@latticra/disk-image';
 * import { encodeQcow2 } from '@latticra/disk-image/qcow2';
 *
 * const { size } = statSync('disk.raw');
 * const raw = createLayout(size, [{ offset: 0, source: fileSource(openSync('disk.raw', 'r'), size) }]);
 * await writeLayout('disk.qcow2', encodeQcow2(withoutZeros(raw)));
 */
export function withoutZeros(layout: Layout): Layout {
  return createLayout(layout.size, layout.extents.flatMap(filled));
}

/** Divides an extent into those of its parts that are not only zeros. */
function filled({ offset, source }: Extent): Extent[] {
  const parts: { start: number; end: number }[] = [];
  const chunk = new Uint8Array(Math.min(CHUNK, source.size));
  for (let at = 0; at < source.size; ) {
    // The first chunk ends where a unit does, and so does every other.
    const length = Math.min(CHUNK - ((offset + at) % UNIT), source.size - at);
    const bytes = chunk.subarray(0, length);
    source.readInto(bytes, at);
    for (let from = 0; from < length; ) {
      const to = Math.min(length, from + UNIT - ((offset + at + from) % UNIT));
      if (!isZero(bytes.subarray(from, to))) {
        const last = parts.at(-1);
        if (last?.end === at + from) last.end = at + to;
        else parts.push({ start: at + from, end: at + to });
      }
      from = to;
    }
    at += length;
  }
  return parts.map(({ start, end }) => ({
    offset: offset + start,
    source: sliceSource(source, start, end - start),
  }));
}

/** Returns whether bytes are all zero; four at a time where they lie so. */
function isZero(bytes: Uint8Array): boolean {
  const whole = bytes.byteOffset % 4 === 0 ? bytes.length >> 2 : 0;
  const words = new Uint32Array(
    whole > 0 ? bytes.buffer : new ArrayBuffer(0),
    whole > 0 ? bytes.byteOffset : 0,
    whole,
  );
  for (let at = 0; at < whole; at++) if (words[at] !== 0) return false;
  for (let at = whole * 4; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}
