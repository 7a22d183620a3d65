// SPDX-License-Identifier: Apache-2.0
import type { Marker } from './marker.js';

/**
 * Makes the marker of a service's token: a prefix of its own, which is the anchor, then a fixed number of characters.
 */
function token(name: string, anchor: string, pattern: RegExp, before: number, after: number): Marker {
  return { name, anchor: Buffer.from(anchor), pattern, before, after };
}

/**
 * Headers of private keys: PEM of any algorithm, OpenSSH, OpenPGP, and SSH2 (as RFC 4716 has it for public ones).
 * `deny_private_keys` in the manifest.
 */
const PRIVATE_KEYS: readonly Marker[] = [
  {
    name: 'a private key',
    // Of the part of the header that all of them share, what begins with its rarest letter.
    anchor: Buffer.from('VATE KEY'),
    pattern:
      /-{5}BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-{5}|---- BEGIN SSH2 (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY ----/,
    before: 60,
    after: 11,
  },
];

/** Tokens that nothing but a token looks like, by their issuers' published forms. `deny_obvious_tokens`. */
const TOKENS: readonly Marker[] = [
  token('an AWS access key id', 'KIA', /AKIA[A-Z2-7]{16}/, 1, 16),
  token('a temporary AWS access key id', 'SIA', /ASIA[A-Z2-7]{16}/, 1, 16),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) =>
    token('a GitHub token', prefix, new RegExp(`${prefix}[A-Za-z0-9]{36}`), 0, 36),
  ),
  token('a GitHub fine-grained token', 'b_pat_', /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}/, 5, 82),
  token('a GitLab token', 'glpat-', /glpat-[A-Za-z0-9_-]{20}/, 0, 20),
  token('a Slack token', 'xox', /xox[abprs]-[0-9]{8,13}-[A-Za-z0-9-]{10}/, 0, 26),
  token('a Stripe live key', 'k_live_', /[sr]k_live_[A-Za-z0-9]{24}/, 1, 24),
  token('a Google API key', 'AIza', /AIza[A-Za-z0-9_-]{35}/, 0, 35),
  token('an npm token', 'npm_', /npm_[A-Za-z0-9]{36}/, 0, 36),
];

/** The markers that are denied in every project. */
export const BUILT_IN_MARKERS: readonly Marker[] = [...PRIVATE_KEYS, ...TOKENS];

/** Names of files that keep secrets of environments; examples of them are no secrets. `deny_env_files`. */
const ENV_FILE = /^\.env(?:\..+)?$/;
const ENV_EXAMPLE = /^\.env\.(?:example|sample|template|dist)$/;

/** Names under which tools keep private keys. `deny_private_keys`. */
const KEY_FILE = /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/;

/** Returns why a file of this name is denied in every project, or undefined where it is not. */
export function deniedName(name: string): string | undefined {
  if (ENV_FILE.test(name) && !ENV_EXAMPLE.test(name)) return 'is an environment file';
  return KEY_FILE.test(name) ? 'is named like a private key' : undefined;
}
