// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deniedName } from './built-in.js';
import { literalMarker } from './marker.js';
import { markersOf } from './markers.js';
import { createMarkerScan } from './scan.js';

/** Returns what a scan finds in `bytes` when they come in chunks of `size`. */
function scan(bytes: Uint8Array, markers: ReturnType<typeof markersOf>, size: number): string[] {
  const found = createMarkerScan(markers, 64);
  found.begin();
  for (let at = 0; at < bytes.length; at += size) {
    found.add(bytes.subarray(at, at + size));
  }
  return found.found();
}

/** Secrets in parts, so that this file does not hold what it is about. */
const SECRETS: [string, string][] = [
  ['a private key', ['-----BEGIN RSA PRIV', 'ATE KEY-----'].join('')],
  ['a private key', ['-----BEGIN PRIV', 'ATE KEY-----'].join('')],
  ['a private key', ['-----BEGIN OPENSSH PRIV', 'ATE KEY-----'].join('')],
  ['a private key', ['-----BEGIN ENCRYPTED PRIV', 'ATE KEY-----'].join('')],
  ['a private key', ['-----BEGIN PGP PRIV', 'ATE KEY BLOCK-----'].join('')],
  ['a private key', ['---- BEGIN SSH2 ENCRYPTED PRIV', 'ATE KEY ----'].join('')],
  ['a temporary AWS access key id', ['AS', 'IA234567ABCDEFGHIJ'].join('')],
  ['an AWS access key id', ['AK', 'IA234567ABCDEFGHIJ'].join('')],
  ...['p', 'o', 'u', 's', 'r'].map((kind): [string, string] => [
    'a GitHub token',
    ['gh', `${kind}_${'a1B2'.repeat(9)}`].join(''),
  ]),
  ['a GitHub fine-grained token', ['github_', `pat_${'a'.repeat(22)}_${'b'.repeat(59)}`].join('')],
  ['a GitLab token', ['glp', `at-${'a'.repeat(20)}`].join('')],
  ['a Slack token', ['xo', 'xb-123456789012-abcdefghij'].join('')],
  ['a Stripe live key', ['sk_', `live_${'a'.repeat(24)}`].join('')],
  ['a Stripe live key', ['rk_', `live_${'a'.repeat(24)}`].join('')],
  ['a Google API key', ['AI', `za${'a'.repeat(35)}`].join('')],
  ['an npm token', ['np', `m_${'a'.repeat(36)}`].join('')],
];

describe('what no file may hold', () => {
  it.each(SECRETS)('%s is found in a file', (name, secret) => {
    expect(scan(Buffer.from(secret), markersOf([]), 1 << 16)).toEqual([name]);
    // Anything less is something else.
    expect(scan(Buffer.from(secret.slice(0, -1)), markersOf([]), 1 << 16)).toEqual([]);
    expect(scan(Buffer.from(secret.slice(1)), markersOf([]), 1 << 16)).toEqual([]);
  });

  it.each(SECRETS)('%s is found wherever chunks end', (name, secret) => {
    const bytes = Buffer.from(`${'-'.repeat(9)}${secret}\n`);
    for (let size = 1; size <= bytes.length; size++)
      expect(scan(bytes, markersOf([]), size), `${size}`).toEqual([name]);
  });

  it('a marker is found at the very end, and is not carried into the next file', () => {
    const markers = markersOf([['ship', '-me-not']]);
    const reader = createMarkerScan(markers, 64);
    for (const [text, expected] of [
      ['xxxxship-me-not', ['marker 1 of policy.deny_contents']],
      ['ship-me-', []],
      ['not', []],
    ] as const) {
      reader.begin();
      for (let at = 0; at < text.length; at += 8) {
        reader.add(Buffer.from(text.slice(at, at + 8)));
      }
      expect(reader.found()).toEqual(expected);
    }
  });

  it('a literal marker is found where it is and nowhere else, in chunks of any size', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', 'Q', 'é'), minLength: 4, maxLength: 12 });
    const around = fc.string({ unit: fc.constantFrom('a', 'b', '.', 'Q', 'é'), maxLength: 40 });
    fc.assert(
      fc.property(
        text,
        around,
        around,
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        (marker, head, tail, put, size) => {
          const bytes = Buffer.from(put ? head + marker + tail : head + tail);
          const found = scan(bytes, [literalMarker('it', marker)], size).length > 0;
          expect(found).toBe(bytes.includes(marker));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a file name', () => {
  it.each(['.env', '.env.local', '.env.production', 'id_rsa', 'id_ed25519', 'id_ecdsa_sk'])(
    'a file named %s is denied',
    (name) => {
      expect(deniedName(name)).toBeTypeOf('string');
    },
  );

  it.each(['.env.example', '.env.sample', 'env', '.envrc', 'id_rsa.pub', 'x.env', 'README'])(
    'a file named %s is not denied',
    (name) => {
      expect(deniedName(name)).toBeUndefined();
    },
  );
});
