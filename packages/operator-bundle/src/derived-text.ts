// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { damaged, OperatorBundleError } from './error.js';
import type { ChecksumsSignature } from './signatures.js';

/**
 * How a text that follows from the rest of a bundle was found: made again, to the same bytes; or made by another version, which
 * nobody here can make again, under checksums that were signed by somebody whose signature counts.
 */
export type DerivedStatus = 'derived-again' | 'not-derived-again';

/** Who made a text of a bundle, and who makes it again. */
export interface Makers {
  /** The version that made it, as the report of the bundle says; undefined where it says nothing. */
  readonly by: string | undefined;
  /** The version that makes it again. */
  readonly here: string;
  /** Of the checksums. */
  readonly signed: ChecksumsSignature;
  /** `page-unknown` or `document-unknown`: what a text of another version is refused with where nobody vouches for it. */
  readonly code: 'page-unknown' | 'document-unknown';
}

/** Returns whether a text has a digest. @param sha256 64 hexadecimal digits */
export const hasDigest = (text: string, sha256: string | undefined): boolean =>
  createHash('sha256').update(text).digest('hex') === sha256;

/**
 * Judges a text of a bundle, which has its checksum, by what is made again of the same files. The same bytes are the same, whoever made
 * them. Other bytes are damage where the text is said to be of this version, or of none. Another version may say the same otherwise: its
 * text is left at its checksum where somebody signed that whose signature counts, and whose word it then is. Without, whoever can write
 * the bundle could name any version, and the text could say anything.
 * @param name of its file
 * @param isSame whether both have the same bytes
 * @param otherwise what is wrong with a text of this version that has other bytes, as it follows the name
 * @throws OperatorBundleError `damaged`; `page-unknown` or `document-unknown`
 */
export function judgeDerived(
  name: string,
  isSame: boolean,
  otherwise: string,
  makers: Makers,
): DerivedStatus {
  const { by, here, signed, code } = makers;
  if (isSame) return 'derived-again';
  if (by === undefined || by === here) throw damaged(`${name}: ${otherwise}`);
  if (signed.status === 'verified') return 'not-derived-again';
  throw unknownTo({ by, here, code }, name, 'which cannot tell whether it shows what lies here');
}

/** Makes the error for something of a bundle that another version made, which this one does not know. */
export function unknownTo(
  { by, here, code }: Pick<Makers, 'by' | 'here' | 'code'>,
  name: string,
  why: string,
): OperatorBundleError {
  return new OperatorBundleError(code, `${name}: was made by version ${by}, and this is ${here}, ${why}`, {
    fix: `verify the bundle with version ${by}, or with --allowed-signers where somebody signed it whom you know`,
  });
}
