// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { SbomError } from '../error.js';
import { isCpe23 } from './cpe.js';
import { formatCreated, isSpdxTime } from './created.js';
import { parseExpression } from './expression.js';
import { isPurl } from './purl.js';
import { verificationCode } from './verification-code.js';

describe('verificationCode', () => {
  it('the verification code does not depend on the order of the files', () => {
    const [a, b] = ['a9993e364706816aba3e25717850c26c9cd0d89d', '84983e441c3bd26ebaae4aa1f95129e5e54670f1'];
    // printf '%s%s' 84983e… a9993e… | sha1sum
    expect(verificationCode([a, b])).toBe('29f0a832f3fd492347ab015f89b97398c4ef812e');
    expect(verificationCode([b, a])).toBe(verificationCode([a, b]));
    expect(verificationCode([])).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
  });
});

describe('created times', () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [951_782_400, '2000-02-29T00:00:00Z'],
    [253_402_300_799, '9999-12-31T23:59:59Z'],
  ])('the time %d is written as %s', (seconds, text) => {
    expect(formatCreated(seconds)).toBe(text);
    expect(isSpdxTime(text)).toBe(true);
  });

  it.each([-1, 0.5, Number.NaN, 253_402_300_800])('%d has none', (seconds) => {
    expect(() => formatCreated(seconds)).toThrow(SbomError);
  });

  it.each([
    '1970-01-01T00:00:00.0Z',
    '1970-01-01T00:00:00+00:00',
    '1970-01-01 00:00:00Z',
    '1970-01-01T24:00:00Z',
    '1970-01-01T23:59:60Z',
    '2025-02-29T00:00:00Z',
    '1970-01-01T00:00:00z',
  ])('%s is none', (text) => {
    expect(isSpdxTime(text)).toBe(false);
  });
});

describe('parseExpression', () => {
  it.each([
    ['MIT', ['MIT']],
    ['GPL-2.0+', ['GPL-2.0+']],
    [
      'MIT AND (Apache-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0)',
      ['MIT', 'Apache-2.0', 'GPL-2.0-only'],
    ],
    ['((LicenseRef-a))OR DocumentRef-b:LicenseRef-c', ['LicenseRef-a', 'DocumentRef-b:LicenseRef-c']],
  ])('the licence expression %s is read', (text, licences) => {
    expect(parseExpression(text)).toEqual({ licences });
  });

  it.each([
    '',
    '()',
    'MIT)',
    '(MIT',
    'MIT MIT',
    'MIT and Apache-2.0',
    'AND',
    'MIT AND',
    'MIT WITH',
    'MIT WITH AND',
    'MIT WITH a WITH b',
    '(MIT) WITH a',
    'WITH a',
    'MIT++',
    'LicenseRef-',
    'a:LicenseRef-b',
    'MIT, BSD',
  ])('the licence expression "%s" is refused', (text) => {
    expect(parseExpression(text).problem).toEqual(expect.any(String));
  });

  it('nested parentheses do not exhaust the stack', () => {
    expect(parseExpression('('.repeat(200_000)).problem).toEqual(expect.any(String));
  });
});

describe('isPurl', () => {
  it.each([
    'pkg:generic/latticra-boot-seed@1.0',
    'pkg:npm/%40scope/name@1.0.0-rc.1',
    'pkg:npm/@scope/name@1.0.0',
    'pkg:deb/debian/grub-common@2.06-13%2Bdeb12u1?arch=amd64&distro=bookworm',
    'pkg:golang/google.golang.org/genproto#googleapis/api/annotations',
    'pkg:oci/image@sha256:0123?repository_url=example.org/a',
  ])('%s is one', (text) => {
    expect(isPurl(text)).toBe(true);
  });

  it.each([
    'pkg:generic',
    'pkg:generic/',
    'pkg:/name@1',
    'pkg:1generic/name',
    'generic/name@1',
    'pkg:generic/na me@1',
    'pkg:generic/name@',
    'pkg:generic/name@1?arch',
    'pkg:generic/name@1?',
    'pkg:generic/../name',
    'pkg:generic/name%2@1',
  ])('%s is none', (text) => {
    expect(isPurl(text)).toBe(false);
  });

  it('a subpath of slashes takes no longer than another', () => {
    // With a step for each pair of them this takes minutes, and the limit of a test is one.
    expect(isPurl(`pkg:a/b#a${'/'.repeat(1_000_000)}a`)).toBe(false);
    expect(isPurl('pkg:a/b#/a/b//')).toBe(true);
  });

  it('a name of any length is read, in a package URL and in a CPE name', () => {
    const long = 'a%20'.repeat(4 << 20);
    expect(isPurl(`pkg:a/${long}?b=${long}`)).toBe(true);
    expect(isPurl(`pkg:a/${long}%2`)).toBe(false);
    const cpe = (name: string) => `cpe:2.3:a:b:${name}:1:*:*:*:*:*:*:*`;
    expect(isCpe23(cpe('a\\!'.repeat(4 << 20)))).toBe(true);
    expect(isCpe23(cpe(`${'a'.repeat(16 << 20)}\\`))).toBe(false);
  });
});
