// SPDX-License-Identifier: Apache-2.0
import { FINGERPRINT_BYTES } from './finder.js';

/** Something that must not be in any file. */
export interface Marker {
  /** The name of it in reports. */
  readonly name: string;
  /** The bytes that are searched for, at least three: every occurrence holds them. */
  readonly anchor: Buffer;
  /** The most bytes before the anchor, and behind it, to which an occurrence reaches. */
  readonly before: number;
  readonly after: number;
  /** The pattern that an occurrence has to match, as latin1; absent where the anchor is all of it. */
  readonly pattern?: RegExp;
}

/**
 * The bytes of text and code, roughly from frequent to rare: space and small letters first, the rest by
 * what languages write. Each place that looks like the beginning of an anchor is looked at again, and rare bytes make
 * few of those.
 */
const COMMON = ' etaoinsrlcdpumfh.,;:=()"\'/\t\ngbywvk_-+*<>{}[]0123456789STACEIRNOPDLMFxBUGHWjVzqKYXJQZ';

/** Makes a marker for literal text. @param text of at least {@link FINGERPRINT_BYTES} bytes */
export function literalMarker(name: string, text: string): Marker {
  const bytes = Buffer.from(text);
  let start = 0;
  for (let at = 1; at <= bytes.length - FINGERPRINT_BYTES; at++) {
    if (rarity(bytes[at]) > rarity(bytes[start])) start = at;
  }
  const anchor = bytes.subarray(start);
  if (start === 0) return { name, anchor, before: 0, after: 0 };
  // What was cut off is looked at where the rest is found.
  const pattern = new RegExp(escapePattern(bytes.toString('latin1')));
  return { name, anchor, before: start, after: 0, pattern };
}

function rarity(byte: number | undefined): number {
  const place = COMMON.indexOf(String.fromCharCode(byte ?? 0));
  return place < 0 ? COMMON.length : place;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
