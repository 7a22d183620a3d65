// SPDX-License-Identifier: Apache-2.0
import type { Marker } from './marker.js';

/** Looks for markers in a file that comes in chunks. */
export interface MarkerScan {
  /** Forgets what was found, for the next file. */
  begin(): void;
  /** Looks at the next chunk, of any length. */
  add(chunk: Uint8Array): void;
  /** The names of the markers that were found since `begin`, in the order of the markers. */
  found(): string[];
}

/**
 * Prepares a search. What an occurrence can reach over is kept from chunk to chunk and looked at together with the
 * beginning of the next one, so that none is missed for lying across two.
 */
export function createMarkerScan(markers: readonly Marker[]): MarkerScan {
  const reach = reachOf(markers);
  const seam = Buffer.allocUnsafeSlow(2 * reach);
  const hits = new Uint8Array(markers.length);
  /** How many bytes at the start of the seam are of what came before. */
  let kept = 0;
  const search = (bytes: Buffer) => {
    for (const [index, marker] of markers.entries()) {
      if (hits[index] === 0 && contains(bytes, marker)) hits[index] = 1;
    }
  };
  return {
    begin() {
      kept = 0;
      hits.fill(0);
    },
    add(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      if (kept > 0) search(seam.subarray(0, kept + bytes.copy(seam, kept, 0, reach)));
      search(bytes);
      if (bytes.length >= reach) {
        kept = bytes.copy(seam, 0, bytes.length - reach);
        return;
      }
      // A chunk shorter than an occurrence: what is kept is of several.
      const length = kept + bytes.copy(seam, kept);
      const from = Math.max(0, length - reach);
      kept = seam.copy(seam, 0, from, length);
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

/** The longest occurrence less a byte: as much of one as can lie on one side of where two chunks meet. */
function reachOf(markers: readonly Marker[]): number {
  return Math.max(0, ...markers.map(({ anchor, before, after }) => before + anchor.length + after - 1));
}
