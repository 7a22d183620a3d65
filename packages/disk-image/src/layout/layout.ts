// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertAmount } from './amount.js';
import { assertInside, type ByteSource } from './source.js';

/** A run of an image that has content: `source` begins at byte `offset` of the image. */
export interface Extent {
  readonly offset: number;
  readonly source: ByteSource;
}

/**
 * An image as a plan: its length, and the extents that hold content, ascending and apart. What no extent
 * covers reads as zeros and costs nothing, so a 64 GiB disk is as small as what is on it. Every writer in
 * this package returns a layout and reads no file contents; layouts nest, a FAT inside a GPT disk inside a
 * qcow2 file being three of them.
 */
export interface Layout {
  /** Length of the image in bytes. */
  readonly size: number;
  readonly extents: readonly Extent[];
}

/** A run of zeros, in bytes: what an image holds between its extents. */
export interface Hole {
  readonly hole: number;
}

/**
 * Orders extents and checks that they fit `size` and do not overlap.
 * @throws ImageError `out-of-range` for a length that is none and for an extent outside, `overlap`
 */
export function createLayout(size: number, extents: readonly Extent[]): Layout {
  assertAmount('the size of an image', size);
  for (const { source } of extents) assertAmount('the size of a part of an image', source.size);
  const sorted = extents.filter((extent) => extent.source.size > 0).sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const { offset, source } of sorted) {
    assertInside(size, offset, source.size, 'image');
    if (offset < end) throw new ImageError('overlap', `two parts of the image claim byte ${offset}`);
    end = offset + source.size;
  }
  return { size, extents: sorted };
}

/** Moves a whole layout to `offset` inside something larger: its extents, ready for {@link createLayout}. */
export function placeLayout(layout: Layout, offset: number): Extent[] {
  return layout.extents.map((extent) => ({ offset: offset + extent.offset, source: extent.source }));
}

/**
 * Gives the image from start to end as bytes and holes, at most `chunkSize` bytes of content at a time. Bytes are good until
 * the next are asked for: they all lie in one buffer, since a new one for each piece would take longer than to fill it.
 * @throws ImageError `out-of-range` for chunks of no bytes
 */
export function* layoutChunks(layout: Layout, chunkSize = 1 << 20): Generator<Uint8Array | Hole> {
  assertAmount('the size of a chunk', chunkSize, 1);
  const largest = layout.extents.reduce((size, { source }) => Math.max(size, source.size), 0);
  const buffer = new Uint8Array(Math.min(chunkSize, largest));
  let at = 0;
  for (const { offset, source } of layout.extents) {
    if (offset > at) yield { hole: offset - at };
    for (let done = 0; done < source.size; done += chunkSize) {
      const bytes = buffer.subarray(0, Math.min(chunkSize, source.size - done));
      source.readInto(bytes, done);
      yield bytes;
    }
    at = offset + source.size;
  }
  if (layout.size > at) yield { hole: layout.size - at };
}

/** Reads a layout as if the image had been written: extents where they are, zeros elsewhere. */
export function layoutSource(layout: Layout): ByteSource {
  const { extents } = layout;
  /** Finds the index of the first extent that ends after `offset`. */
  const firstAfter = (offset: number): number => {
    let low = 0;
    let high = extents.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const extent = extents[middle];
      if (extent && extent.offset + extent.source.size <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    size: layout.size,
    readInto(into, offset) {
      assertInside(layout.size, offset, into.length, 'image');
      const end = offset + into.length;
      // Zeros only where nothing is: memory that threads share is filled byte by byte.
      let at = offset;
      for (let index = firstAfter(offset); index < extents.length; index++) {
        const extent = extents[index];
        if (!extent || extent.offset >= end) break;
        const from = Math.max(offset, extent.offset);
        const to = Math.min(end, extent.offset + extent.source.size);
        if (from > at) into.fill(0, at - offset, from - offset);
        extent.source.readInto(into.subarray(from - offset, to - offset), from - extent.offset);
        at = to;
      }
      if (at < end) into.fill(0, at - offset);
    },
  };
}
