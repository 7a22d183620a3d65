// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { refuse } from '../error.js';
import type { Shape } from '../json.js';

/** Digests by their algorithm, as in-toto has them: lower-case hexadecimal. */
export type DigestSet = Readonly<Record<string, string>>;

/** The algorithms whose form is known, and the hexadecimal digits of each (in-toto attestation framework, digest_set.md). */
const DIGITS: Readonly<Record<string, readonly number[]>> = {
  sha224: [56],
  sha256: [64],
  sha384: [96],
  sha512: [128],
  sha3_256: [64],
  sha3_384: [96],
  sha3_512: [128],
  gitCommit: [40, 64],
  gitTag: [40, 64],
  gitTree: [40, 64],
  gitBlob: [40, 64],
};

/**
 * Reads a set of digests. Those of algorithms that nobody here knows are kept, and count for nothing.
 * @throws AttestationError `bad-digest` for one in another form; `not-a-statement`
 */
export function readDigestSet(shape: Shape): DigestSet {
  return Object.fromEntries(
    shape.keys.map((algorithm) => {
      const value = shape.text(algorithm);
      const digits = Object.hasOwn(DIGITS, algorithm) ? DIGITS[algorithm] : undefined;
      if (digits === undefined || (digits.includes(value.length) && /^[0-9a-f]+$/.test(value))) {
        return [algorithm, value];
      }
      throw refuse(
        'bad-digest',
        `${shape.place}/${algorithm}: expected ${digits.join(' or ')} lower-case hexadecimal digits, found ${quoteText(value)}`,
      );
    }),
  );
}

/** Returns the digest of a set that files are known by; undefined where there is none. */
export const sha256Of = (digest: DigestSet | undefined): string | undefined =>
  digest !== undefined && Object.hasOwn(digest, 'sha256') ? digest.sha256 : undefined;
