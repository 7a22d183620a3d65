// SPDX-License-Identifier: Apache-2.0
/** Keys of people and machines that there are not, made for each run. */
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type GeneratedKey,
  generateEd25519Key,
  NAMESPACES,
  type Namespace,
  parseAllowedSigners,
  type SignerPolicy,
  signWithKey,
} from '@latticra/signature';

export const AT = new Date('2026-12-01T00:00:00Z');

/** Who takes part, and what each may sign. */
const MAY = {
  'builder@example.org': [NAMESPACES.build, NAMESPACES.artifact, NAMESPACES.review],
  'alice@example.org': [NAMESPACES.transcript],
  'bob@example.org': [NAMESPACES.review],
  'carol@example.org': [NAMESPACES.review],
  'machine-1': [NAMESPACES.boot],
  'machine-2': [NAMESPACES.boot],
} as const;
export type Who = keyof typeof MAY;

export const KEYS = Object.fromEntries(
  Object.keys(MAY).map((who) => [who, generateEd25519Key(who)]),
) as Record<Who, GeneratedKey>;

/** Returns a line of an allowed signers file. */
export const allowedLine = (who: string, key: GeneratedKey, namespaces: readonly string[], more = '') =>
  `${who} namespaces="${namespaces.join(',')}"${more} ${key.publicLine}`;

export const ALLOWED = Object.entries(MAY)
  .map(([who, namespaces]) => allowedLine(who, KEYS[who as Who], namespaces))
  .join('');

/** Returns the policy of a list of allowed signers. */
export const policyOf = (text = ALLOWED): SignerPolicy => ({
  allowed: parseAllowedSigners(Buffer.from(text)),
  at: AT,
});

/** Puts the signature of a file beside it. */
export function signFile(
  path: string,
  namespace: Namespace,
  key: GeneratedKey,
  algorithm: 'sha256' | 'sha512' = 'sha256',
): void {
  const digest = Buffer.from(hash(algorithm, readFileSync(path), 'hex'), 'hex');
  writeFileSync(`${path}.sig`, signWithKey(key.key, namespace, digest, algorithm));
}
