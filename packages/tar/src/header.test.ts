// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitChecksum, member, type TestMember } from '../test/archive.js';
import { readHeader, readSummedHeader } from './header.js';

const field = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
const owner = fc.constantFrom(0, 1, 1000, 0o7777777);
const name = fc.constantFrom('', 'root', 'a', 'a'.repeat(32));
const said = fc.record({
  mode: fc.constantFrom(0o644, 0o755, 0o4755),
  uid: owner,
  gid: owner,
  mtime: fc.constantFrom(0, 1, 1_700_000_000),
  uname: name,
  gname: name,
  major: fc.constantFrom(0, 8),
  minor: fc.constantFrom(0, 1, 0o777777),
  magic: fc.constantFrom('ustar\x0000', 'ustar  \0', '\0'.repeat(8)),
  linkName: fc.constantFrom('', 'target', 'x'.repeat(100)),
});

it('a header says what stands in it, whatever the one before said', () => {
  fc.assert(
    fc.property(fc.array(said, { minLength: 2, maxLength: 8 }), (headers) => {
      for (const { magic, linkName, ...given } of headers) {
        const raw: TestMember['raw'] = {
          100: field(given.mode, 8),
          108: field(given.uid, 8),
          116: field(given.gid, 8),
          136: field(given.mtime, 12),
          265: given.uname,
          297: given.gname,
          329: field(given.major, 8),
          337: field(given.minor, 8),
        };
        const block = member({ name: 'a', link: linkName, magic, raw });
        const hasNames = magic.startsWith('ustar');
        const expected = {
          ...given,
          ...(!hasNames && { uname: '', gname: '' }),
          linkName,
          size: 0,
          isGnu: magic.startsWith('ustar '),
          hasStrayPrefix: false,
        };
        expect(readSummedHeader(block)).toMatchObject(expected);
        expect(readHeader(block)).toMatchObject(expected);
      }
    }),
    { numRuns: 200 },
  );
});

it('a header with a wrong checksum is none, and what it says is not taken for the next', () => {
  const wrong = member({ name: 'a', checksumOff: 1, raw: { 108: field(7, 8) } });
  expect(readSummedHeader(wrong)).toBeUndefined();
  expect(readSummedHeader(member({ name: 'a', raw: { 108: field(5, 8) } }))).toMatchObject({ uid: 5 });
});

it.each([345, 347, 348, 400, 499])(
  'something at byte %i of an old header is told as a stray prefix',
  (at) => {
    const magic = 'ustar  \0';
    expect(readHeader(member({ name: 'a', magic, raw: { [at]: 'x' } })).hasStrayPrefix).toBe(true);
    expect(readHeader(member({ name: 'a', magic })).hasStrayPrefix).toBe(false);
    expect(readHeader(member({ name: 'a', magic, raw: { 500: 'x' } })).hasStrayPrefix).toBe(false);
  },
);

it('every byte of a header counts in its checksum, whatever the one before said', () => {
  const plain = member({ name: 'a' });
  for (let at = 0; at < plain.length; at++) {
    if (at >= 148 && at < 156) continue;
    const changed = Buffer.from(plain);
    changed[at] = 0xff - (changed[at] ?? 0);
    expect(readSummedHeader(changed), `byte ${at}`).toBeUndefined();
    fitChecksum(changed);
    for (const block of [changed, plain, changed]) expect(readSummedHeader(block)).toBeDefined();
  }
});
