// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { SignatureError, type SignatureErrorCode } from './error.js';
import type { PublicKey } from './key/types.js';
import { NAMESPACES, type Namespace } from './namespace.js';
import type { MessageHash, SshSignature } from './parse/signature.js';
import type { AllowedSigner } from './signers/allowed.js';
import { assertSigner, isLiteral, matchesPatterns } from './signers/pattern.js';
import type { SignerPolicy } from './signers/policy.js';
import { formatTime } from './signers/time.js';
import { verifySignature } from './verify.js';

/** A signature that is one of this message, by somebody who may. Its identity is the key, the namespace and the digest. */
export interface VerifiedSignature {
  readonly principal: string;
  readonly key: PublicKey;
  readonly namespace: Namespace;
  readonly hash: MessageHash;
  /** Of the message, in lower-case hexadecimal digits. */
  readonly digest: string;
}

/**
 * Verifies a signature, and finds out whose it is.
 *
 * @example
 * import { createHash } from 'node:crypto';
 * import { readFileSync } from 'node:fs';
 * import { authorise, NAMESPACES, parseAllowedSigners, parseSignature } from '@latticra/signature';
 *
 * const signature = parseSignature(readFileSync('os.iso.sig'));
 * const digest = createHash(signature.hash).update(readFileSync('os.iso')).digest();
 * const allowed = parseAllowedSigners(readFileSync('allowed_signers'));
 * const { principal } = authorise(signature, digest, NAMESPACES.artifact, { allowed, at: new Date() });
 * console.log(principal);
 *
 * @param digest of the message by `signature.hash`, raw
 * @param namespace what the signature has to be for
 * @throws SignatureError `not-verified`, `other-namespace`, `revoked`, `not-allowed`, `namespace-not-allowed`, `not-yet-valid`,
 *   `expired`, `other-signer`, `ambiguous-signer`, `bad-signer`
 */
export function authorise(
  signature: SshSignature,
  digest: Uint8Array,
  namespace: Namespace,
  policy: SignerPolicy,
): VerifiedSignature {
  if (policy.signer !== undefined) assertSigner(policy.signer);
  verifySignature(signature, digest);
  const { key, hash } = signature;
  if (signature.namespace !== namespace) {
    throw new SignatureError(
      'other-namespace',
      `a signature for ${quoteText(signature.namespace)}, expected one for ${namespace}`,
      { fix: `sign again, with ssh-keygen -Y sign -n ${namespace}` },
    );
  }
  if (policy.revoked?.has(key.fingerprint) === true) {
    throw refuse('revoked', key, 'is revoked', 'have it signed with another key');
  }
  const principal = principalOf(linesFor(key, namespace, policy), key, policy.signer);
  return { principal, key, namespace, hash, digest: Buffer.from(digest).toString('hex') };
}

/** Returns the lines by which a key may sign for a namespace now: each that fits may allow it. */
function linesFor(key: PublicKey, namespace: Namespace, { allowed, at }: SignerPolicy): AllowedSigner[] {
  const own = allowed.signers.filter((line) => Buffer.from(line.key.blob).equals(key.blob));
  if (own.length === 0) {
    throw refuse(
      'not-allowed',
      key,
      'is not among the allowed signers',
      'add a line for it, if it is to be trusted',
    );
  }
  const forIt = own.filter(({ namespaces }) => mayUse(namespaces, namespace));
  if (forIt.length === 0) {
    const fix = `name ${namespace} in the namespaces="…" of its line, if it is to be trusted for that`;
    throw refuse('namespace-not-allowed', key, `is not allowed for ${namespace}`, fix);
  }
  const second = Math.floor(at.getTime() / 1000);
  const isEarly = ({ validAfter }: AllowedSigner) => validAfter !== undefined && second < validAfter;
  const isLate = ({ validBefore }: AllowedSigner) => validBefore !== undefined && second > validBefore;
  const now = forIt.filter((line) => !isEarly(line) && !isLate(line));
  if (now.length > 0) return now;
  const code = forIt.some(isEarly) ? 'not-yet-valid' : 'expired';
  const word = code === 'expired' ? 'is not valid any more' : 'is not valid yet';
  const fix = 'correct the time of its line, or verify for another time, if that is right';
  throw refuse(code, key, `${word} at ${formatTime(second)}`, fix);
}

/** Returns whether a line's namespaces allow one; a review only where the line names that. */
function mayUse(patterns: readonly string[] | undefined, namespace: Namespace): boolean {
  if (namespace === NAMESPACES.review && patterns?.includes(namespace) !== true) return false;
  return patterns === undefined || matchesPatterns(patterns, namespace);
}

/** Returns whose key it is: the signer that was asked for, or the only one that the lines name. */
function principalOf(lines: readonly AllowedSigner[], key: PublicKey, signer: string | undefined): string {
  if (signer !== undefined) {
    if (lines.some(({ principals }) => matchesPatterns(principals, signer))) return signer;
    throw refuse('other-signer', key, `is not ${signer}'s`, 'name the signer whose key it is');
  }
  const names = new Set(lines.flatMap(({ principals }) => principals));
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0 && isLiteral(name)) return name;
  throw refuse(
    'ambiguous-signer',
    key,
    `has no one name, its lines say ${quoteText([...names].join(','))}`,
    'say whose signature it is to be with --signer',
  );
}

function refuse(code: SignatureErrorCode, key: PublicKey, reason: string, fix: string): SignatureError {
  return new SignatureError(code, `the key ${key.fingerprint} ${reason}`, { fix });
}
