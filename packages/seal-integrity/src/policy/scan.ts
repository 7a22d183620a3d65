// SPDX-License-Identifier: Apache-2.0
import type { Marker } from './marker.js';

/** Looks for markers in a file that comes in chunks. */
export interface MarkerScan {
  /** Where the bytes of the next chunk go, behind what is kept of the one before. */
  readonly room: Buffer;
  /** Forgets what was found, for the next file. */
  begin(): void;
  /** Looks at the first `length` bytes of {@link room}. */
  add(length: number): void;
  /** The names of the markers that were found since `begin`, in the order of the markers. */
  found(): string[];
}

/**
 * Prepares a search over chunks of at most `chunkBytes`. What an occurrence can reach over is carried from
 * chunk to chunk, so that none is missed for lying across two.
 */
export function createMarkerScan(markers: readonly Marker[], chunkBytes: number): MarkerScan {
  const overlap = overlapOf(markers);
  const buffer = Buffer.allocUnsafeSlow(overlap + chunkBytes);
  const room = buffer.subarray(overlap);
  const hits = new Uint8Array(markers.length);
  let carried = 0;
  return {
    room,
    begin() {
      carried = 0;
      hits.fill(0);
    },
    add(length) {
      const start = overlap - carried;
      const end = overlap + length;
      const bytes = buffer.subarray(start, end);
      for (const [index, marker] of markers.entries()) {
        if (hits[index] === 0 && contains(bytes, marker)) hits[index] = 1;
      }
      const kept = Math.min(overlap, end - start);
      buffer.copyWithin(overlap - kept, end - kept, end);
      carried = kept;
    },
    found() {
      const names = markers.filter((_, index) => hits[index] === 1).map(({ name }) => name);
      return [...new Set(names)];
    },
  };
}

/** Whether a marker occurs in what is in memory. */
function contains(bytes: Buffer, { anchor, pattern, before, after }: Marker): boolean {
  for (let at = bytes.indexOf(anchor); at >= 0; at = bytes.indexOf(anchor, at + 1)) {
    if (pattern === undefined) return true;
    const from = Math.max(0, at - before);
    if (pattern.test(bytes.toString('latin1', from, at + anchor.length + after))) return true;
  }
  return false;
}

/** The longest occurrence less a byte: what has to be seen again with the next chunk. */
function overlapOf(markers: readonly Marker[]): number {
  return Math.max(0, ...markers.map(({ anchor, before, after }) => before + anchor.length + after - 1));
}
