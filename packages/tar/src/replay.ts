// SPDX-License-Identifier: Apache-2.0
import { paddingOf } from './header.js';

/** Where the stored contents of members stand in an archive, as `onMember` told them, in the order of the archive. */
export interface ContentPlaces {
  readonly count: number;
  /** Returns its first byte, from the beginning of the archive, of which gzip is no part. */
  startOf(index: number): number;
  /** Returns how many bytes are stored. */
  lengthOf(index: number): number;
}

/** Whoever looks at an archive that goes by once more. */
export interface ReplayVisitor {
  /** Takes the next stored bytes of a content; those of an empty one never come. They are good until it returns. */
  onContent(index: number, piece: Uint8Array): void;
  /** Takes all bytes that are neither content nor pad one, in order, as `onHeader` of a `TarVisitor` gets them. */
  onHeader(bytes: Uint8Array): void;
}

/** An archive that goes by once more. */
export interface TarReplay {
  push(bytes: Uint8Array): void;
}

/**
 * Takes contents out of an archive that was walked before, by the places that were noted then, and reads no header again.
 * Whoever holds a digest of all headers of the first time against one of this time knows that the places are still right.
 */
export function replayTar(places: ContentPlaces, { onContent, onHeader }: ReplayVisitor): TarReplay {
  let offset = 0;
  let index = -1;
  /** Of the content that is next or under way: its first byte, and those behind its last and behind its padding. */
  let [start, end, padded] = [0, 0, 0];
  const next = () => {
    do index++;
    while (index < places.count && places.lengthOf(index) === 0);
    const length = index < places.count ? places.lengthOf(index) : 0;
    start = index < places.count ? places.startOf(index) : Number.POSITIVE_INFINITY;
    end = start + length;
    padded = end + paddingOf(length);
  };
  next();
  return {
    push(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const until = offset < start ? start : offset < end ? end : padded;
        const length = Math.min(bytes.length - at, until - offset);
        if (offset < start) onHeader(bytes.subarray(at, at + length));
        else if (offset < end) onContent(index, bytes.subarray(at, at + length));
        at += length;
        offset += length;
        if (offset === padded) next();
      }
    },
  };
}
