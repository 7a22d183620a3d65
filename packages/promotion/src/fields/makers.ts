// SPDX-License-Identifier: Apache-2.0
import { UNKNOWN } from '@latticra/evidence-format/define';
import { isFilled } from '../transcript/scalars.js';

/**
 * Returns whether the maker that firmware names and the maker that a person wrote down are two. A person writes `Dell` or `HP` where
 * firmware has `Dell Inc.` or `Hewlett-Packard`: a name that is a part of the other, or its initials, is the same maker, and a name
 * that says nothing may be anybody's.
 */
export function areUnlikeMakers(one: string, other: string): boolean {
  if (one === UNKNOWN || !isFilled(one) || !isFilled(other)) return false;
  const [first, second] = [one, other].map(namesOf);
  return first?.some((a) => second?.some((b) => a.includes(b) || b.includes(a))) === false;
}

/** Returns the ways to write a name: all of it, and, of several words, their initials; in lower case, letters and digits alone. */
function namesOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const whole = words.join('');
  const initials = words.map((word) => word.charAt(0)).join('');
  return words.length > 1 ? [whole, initials] : [whole];
}
