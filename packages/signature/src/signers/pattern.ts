// SPDX-License-Identifier: Apache-2.0
import { isPlainText, quoteText } from '@latticra/evidence-format';
import { SignatureError } from '../error.js';

/** Of a pattern list: `*`, `?`, and `!` before a pattern that nothing may match (ssh_config(5), PATTERNS). */
const PATTERN = /[*?!]/;

/**
 * Reads a list of patterns, apart by commas.
 * @param name what the list is of, for messages
 * @throws SignatureError `bad-allowed-signers` for an empty pattern, which would match nothing
 */
export function parsePatterns(text: string, name: string): string[] {
  const patterns = text.split(',');
  for (const pattern of patterns) {
    if (
      /^!?$/.test(pattern) ||
      pattern.startsWith('!!') ||
      /["]/.test(pattern) ||
      pattern.trim() !== pattern
    ) {
      throw new SignatureError(
        'bad-allowed-signers',
        `expected ${name}, apart by commas without blanks, found ${quoteText(text)}`,
      );
    }
  }
  return patterns;
}

/** Returns whether a list of patterns fits a name: one of them does, and none with `!` does. Case counts. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  const fits = (pattern: string) => matchesPattern(pattern, name);
  return (
    patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))
  );
}

/** Returns whether a pattern is one name and no other. */
export function isLiteral(pattern: string): boolean {
  return !PATTERN.test(pattern);
}

/** Refuses what is no signer's name. @throws SignatureError `bad-signer` */
export function assertSigner(name: string): void {
  if (name !== '' && isPlainText(name) && isLiteral(name) && !name.includes(',')) return;
  throw new SignatureError('bad-signer', `expected the name of one signer, found ${quoteText(name)}`, {
    fix: 'give the name as it stands first in a line of the allowed signers',
  });
}

/**
 * Matches bytes, as OpenSSH does: `?` is one of them. In time that grows with the product of both lengths: of several `*`
 * only the last one is ever stretched.
 */
function matchesPattern(pattern: string, name: string): boolean {
  const [p, n] = [pattern, name].map((text) => Buffer.from(text).toString('latin1')) as [string, string];
  let [at, star, from] = [0, -1, 0];
  for (let i = 0; i < n.length; ) {
    if (p[at] === '*') {
      star = at++;
      from = i;
    } else if (at < p.length && (p[at] === '?' || p[at] === n[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++from;
    } else return false;
  }
  return /^\**$/.test(p.slice(at));
}
