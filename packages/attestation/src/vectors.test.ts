// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type AttestationPolicy, type Attested, parseTrustedKey, verifyAttestation } from './index.js';

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../test/vectors/${name}`, import.meta.url)));
const key = parseTrustedKey(read('ed25519.pub'));
const POLICY: AttestationPolicy = {
  trusted: [key],
  files: [{ name: 'artifact.bin', sha256: createHash('sha256').update(read('artifact.bin')).digest('hex') }],
  pins: [
    { id: 'https://example.org/builders/desk', key },
    { id: 'https://example.org/latticra/promotion-evaluate', key },
  ],
  build: {
    buildType: 'https://example.org/latticra/os-image-build/v1',
    parameters: { artifactVersion: 'local-candidate', commandLine: 'console=ttyS0' },
  },
  summary: {
    resourceUri: 'https://example.org/latticra-x86_64.iso',
    levels: ['SLSA_BUILD_LEVEL_UNEVALUATED'],
  },
};
const verify = (name: string, changes: Partial<AttestationPolicy> = {}) =>
  verifyAttestation(read(name), { ...POLICY, ...changes });

it.each<[string, Attested['kind']]>([
  ['provenance.dsse.json', 'provenance'],
  ['spdx.dsse.json', 'spdx'],
  ['test-result.dsse.json', 'testResult'],
  ['vsa.dsse.json', 'summary'],
  ['bad-unknown-key-first.dsse.json', 'provenance'],
  ['bad-payload-base64url.dsse.json', 'provenance'],
])('the envelope %s is verified, and is a %s', (name, kind) => {
  const { says, signers, subjects } = verify(name);
  expect([says.kind, signers.map(({ fingerprint }) => fingerprint)]).toEqual([kind, [key.fingerprint]]);
  expect(subjects.map((subject) => subject.name)).toEqual(['artifact.bin']);
});

const REFUSED: Readonly<Record<string, string>> = {
  'duplicate-key-in-statement': 'not-json',
  'duplicate-payload': 'not-json',
  'no-signatures': 'no-signature',
  'payload-junk': 'bad-base64',
  'same-sig-twice': 'doubled-signature',
  'sig-over-body-only': 'not-verified',
  'statement-v0.1': 'statement-type',
  'subject-md5-only': 'weak-digest',
  'subject-two': 'other-subject',
  'subject-upper-hex': 'bad-digest',
  'type-changed': 'not-verified',
  'type-json': 'payload-type',
};

it('every attack that there is an envelope of is refused by name', () => {
  const attacks = readdirSync(fileURLToPath(new URL('../test/vectors', import.meta.url))).flatMap((name) => {
    const attack = /^bad-(.*)\.dsse\.json$/.exec(name)?.[1];
    return attack === undefined ? [] : [attack];
  });
  const passing = ['payload-base64url', 'unknown-key-first'];
  expect(attacks.sort()).toEqual([...Object.keys(REFUSED), ...passing].sort());
  for (const [attack, code] of Object.entries(REFUSED)) {
    expect(() => verify(`bad-${attack}.dsse.json`), attack).toThrow(
      expect.objectContaining({
        name: 'AttestationError',
        code,
        kind: 'data',
        fix: expect.stringMatching(/\w/),
      }),
    );
  }
});

it('a second subject counts for nothing where others are allowed, and the first is still the file', () => {
  const { subjects } = verify('bad-subject-two.dsse.json', { allowOthers: true });
  expect(subjects).toEqual(POLICY.files);
  const other = [{ name: 'another', sha256: '9'.repeat(64) }];
  expect(() => verify('bad-subject-two.dsse.json', { allowOthers: true, files: other })).toThrow(
    expect.objectContaining({ code: 'other-subject' }),
  );
});

it.each<[string, string, Partial<AttestationPolicy>, string]>([
  ['by a key that is not trusted', 'provenance.dsse.json', { trusted: [] }, 'not-verified'],
  ['by fewer keys than are asked for', 'provenance.dsse.json', { threshold: 2 }, 'too-few-signers'],
  [
    'by one key that was listed twice, where two are asked for',
    'provenance.dsse.json',
    { trusted: [key, key], threshold: 2 },
    'too-few-signers',
  ],
  ['of a kind that was not asked for', 'spdx.dsse.json', { kinds: ['provenance'] }, 'predicate-type'],
  [
    'about another file',
    'provenance.dsse.json',
    { files: [{ name: 'latticra-x86_64.iso', sha256: '0'.repeat(64) }] },
    'other-subject',
  ],
  ['by a builder that is not pinned', 'provenance.dsse.json', { pins: [] }, 'not-pinned'],
  [
    'by a builder whose key is another',
    'provenance.dsse.json',
    { pins: [{ id: 'https://example.org/builders/other', key }] },
    'not-pinned',
  ],
  ['of a build that nobody expects', 'provenance.dsse.json', { build: undefined }, 'build-type'],
  [
    'with a parameter that nobody expects',
    'provenance.dsse.json',
    {
      build: {
        buildType: 'https://example.org/latticra/os-image-build/v1',
        parameters: { artifactVersion: 'local-candidate' },
      },
    },
    'parameter',
  ],
  [
    'with another value of a parameter',
    'provenance.dsse.json',
    {
      build: {
        buildType: 'https://example.org/latticra/os-image-build/v1',
        parameters: { artifactVersion: '1.0', commandLine: 'console=ttyS0' },
      },
    },
    'parameter',
  ],
  [
    'without a parameter that is expected',
    'provenance.dsse.json',
    {
      build: {
        buildType: 'https://example.org/latticra/os-image-build/v1',
        parameters: { artifactVersion: 'local-candidate', commandLine: 'console=ttyS0', root: 'verity' },
      },
    },
    'parameter',
  ],
  ['by a verifier that is not pinned', 'vsa.dsse.json', { pins: [] }, 'not-pinned'],
  ['about another resource', 'vsa.dsse.json', { summary: undefined }, 'parameter'],
  [
    'without the level that is asked for',
    'vsa.dsse.json',
    { summary: { resourceUri: 'https://example.org/latticra-x86_64.iso', levels: ['SLSA_BUILD_LEVEL_3'] } },
    'not-passed',
  ],
])('an attestation %s is refused', (_, name, changes, code) => {
  expect(() => verify(name, changes)).toThrow(expect.objectContaining({ code }));
});
