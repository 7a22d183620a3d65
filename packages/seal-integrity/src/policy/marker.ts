// SPDX-License-Identifier: Apache-2.0

/** Something that must not be in any file. */
export interface Marker {
  /** What reports call it. */
  readonly name: string;
  /** Bytes that every occurrence holds: what is searched for. */
  readonly anchor: Buffer;
  /** How many bytes before the anchor and behind it an occurrence reaches at most. */
  readonly before: number;
  readonly after: number;
  /** What the anchor with its surroundings has to match, as latin1; absent where the anchor is all of it. */
  readonly pattern?: RegExp;
}

/**
 * How often a byte begins something in text and code, roughly: space and small letters all the time, the rest by
 * what languages write. The search looks for the anchor's first byte, so a rare one makes it several times faster.
 */
const COMMON = ' etaoinsrlcdpumfh.,;:=()"\'/\t\ngbywvk_-+*<>{}[]0123456789STACEIRNOPDLMFxBUGHWjVzqKYXJQZ';

/** Node searches up to this many bytes by looking for the first one alone, several times faster than for more. */
const ANCHOR_BYTES = 7;
/** With fewer, chance hits would have to be looked at all the time. */
const MIN_ANCHOR_BYTES = 3;

/** A marker for literal text. @param text of at least one byte */
export function literalMarker(name: string, text: string): Marker {
  const bytes = Buffer.from(text);
  let start = 0;
  for (let at = 1; at <= bytes.length - MIN_ANCHOR_BYTES; at++) {
    if (rarity(bytes[at]) > rarity(bytes[start])) start = at;
  }
  const end = Math.min(bytes.length, start + ANCHOR_BYTES);
  const anchor = bytes.subarray(start, end);
  if (anchor.length === bytes.length) return { name, anchor, before: 0, after: 0 };
  // What was cut off is looked at where the rest is found.
  const pattern = new RegExp(escapePattern(bytes.toString('latin1')));
  return { name, anchor, before: start, after: bytes.length - end, pattern };
}

function rarity(byte: number | undefined): number {
  const place = COMMON.indexOf(String.fromCharCode(byte ?? 0));
  return place < 0 ? COMMON.length : place;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
