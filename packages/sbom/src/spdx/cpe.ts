// SPDX-License-Identifier: Apache-2.0
/** A special character that is quoted. */
const QUOTED = /\\[!-,./:-@[-`{-~]/g;
/** One part of a formatted string: `*`, `-`, or text, with wildcards at its ends. */
const PART = /^(?:[*-]|(?:\*|\?*)[A-Za-z0-9._-]+(?:\*|\?*))$/;
const LANGUAGE = /^(?:[*-]|[A-Za-z]{2,3}(?:-(?:[A-Za-z]{2}|[0-9]{3}))?)$/;

/**
 * Returns whether text is a CPE name of version 2.3, a formatted string of eleven parts (NISTIR 7695, 6.2; SPDX 2.3
 * F.2.2).
 */
export function isCpe23(text: string): boolean {
  const [, part, rest] = /^cpe:2\.3:([aho*-]):(.*)$/s.exec(text) ?? [];
  if (part === undefined || rest === undefined) return false;
  // An underscore for what is quoted: it may stand where that may, and nowhere in a language.
  const parts = rest.replace(QUOTED, '_').split(':');
  return parts.length === 10 && parts.every((piece, index) => (index === 5 ? LANGUAGE : PART).test(piece));
}

/** Returns whether text is a CPE name of version 2.2, a URI of up to seven parts (SPDX 2.3 F.2.1). */
export function isCpe22(text: string): boolean {
  return /^cpe:\/[AHOaho]?(?::[A-Za-z0-9._\-~%]*){0,6}$/i.test(text);
}
