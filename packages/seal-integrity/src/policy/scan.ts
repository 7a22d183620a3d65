// SPDX-License-Identifier: Apache-2.0
import { createFinder, FINGERPRINT_BYTES } from './finder.js';
import type { Marker } from './marker.js';

/** A search for markers in a file that comes in chunks. */
export interface MarkerScan {
  /** The buffer that a chunk is best read to: from elsewhere it is copied here first. */
  readonly room: Buffer;
  /** Forgets what was found, for the next file. */
  begin(): void;
  /** Looks at the next chunk, of any length: the first bytes of {@link room}, or any other memory. */
  add(chunk: Uint8Array): void;
  /** Returns the names of the markers that were found since `begin`, in the order of the markers. */
  found(): string[];
}

/**
 * Prepares a search for all markers at once. What an occurrence can reach over is kept from chunk to chunk, right in
 * front of the next one, so that none is missed for lying across two.
 * @param roomBytes how much is looked at at a time
 */
export function createMarkerScan(markers: readonly Marker[], roomBytes: number): MarkerScan {
  const reach = reachOf(markers);
  const { data, find } = createFinder(
    markers.map(({ anchor }) => anchor),
    reach + roomBytes,
  );
  const room = data.subarray(reach);
  const byFingerprint = new Map<number, number[]>();
  for (const [index, { anchor }] of markers.entries()) {
    const key = fingerprint(anchor);
    byFingerprint.set(key, [...(byFingerprint.get(key) ?? []), index]);
  }
  const hits = new Set<number>();
  let kept = 0;
  const search = (from: number, end: number) => {
    for (let at = find(from, end); at < end; at = find(at + 1, end)) {
      for (const index of byFingerprint.get(fingerprint(data, at)) ?? []) {
        const marker = markers[index];
        if (marker !== undefined && !hits.has(index) && isAt(data.subarray(from, end), marker, at - from))
          hits.add(index);
      }
    }
  };
  const addRoom = (length: number) => {
    const end = reach + length;
    search(reach - kept, end);
    const keep = Math.min(reach, kept + length);
    data.copyWithin(reach - keep, end - keep, end);
    kept = keep;
  };
  return {
    room,
    begin() {
      kept = 0;
      // A set makes a new table of itself where it is cleared, though there was nothing in it.
      if (hits.size > 0) hits.clear();
    },
    add(chunk) {
      if (chunk.buffer === room.buffer && chunk.byteOffset === room.byteOffset) {
        addRoom(chunk.length);
        return;
      }
      for (let at = 0; at < chunk.length; at += roomBytes) {
        const piece = chunk.subarray(at, at + roomBytes);
        room.set(piece);
        addRoom(piece.length);
      }
    },
    found() {
      if (hits.size === 0) return [];
      const names = markers.filter((_, index) => hits.has(index)).map(({ name }) => name);
      return [...new Set(names)];
    },
  };
}

function fingerprint(bytes: Uint8Array, at = 0): number {
  let key = 0;
  for (let offset = 0; offset < FINGERPRINT_BYTES; offset++) key = (key << 8) | (bytes[at + offset] ?? 0);
  return key;
}

/** Returns whether an occurrence of a marker has its anchor at `at`. */
function isAt(bytes: Buffer, { anchor, pattern, before, after }: Marker, at: number): boolean {
  if (!bytes.subarray(at, at + anchor.length).equals(anchor)) return false;
  if (pattern === undefined) return true;
  return pattern.test(bytes.toString('latin1', Math.max(0, at - before), at + anchor.length + after));
}

/**
 * The size of a word: shared memory is copied by words where both sides begin at one, else byte by byte, ten times as
 * slowly.
 */
const WORD_BYTES = 8;

/**
 * Returns the length of the longest occurrence less a byte, in whole words: the most of one that lies before the end of
 * a chunk.
 */
function reachOf(markers: readonly Marker[]): number {
  const longest = markers.map(({ anchor, before, after }) => before + anchor.length + after - 1);
  return Math.ceil(Math.max(0, ...longest) / WORD_BYTES) * WORD_BYTES;
}
