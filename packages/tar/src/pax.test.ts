// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { archive, octal, pax, paxRecord, type TestMember } from '../test/archive.js';
import { TarError } from './error.js';
import type { TarMember } from './member.js';
import { walkTar } from './walk.js';

const file: TestMember = { name: 'a', content: 'hello' };

function read(...members: readonly TestMember[]): TarMember[] | string {
  const found: TarMember[] = [];
  const walk = walkTar({ onMember: (member) => found.push(member) });
  try {
    walk.push(archive(...members));
    walk.end();
    return found;
  } catch (error) {
    if (error instanceof TarError) return error.message;
    throw error;
  }
}

const records = (...pairs: readonly (readonly [string, string])[]): TestMember => ({
  ...pax({}),
  content: pairs.map(([key, value]) => paxRecord(key, value)).join(''),
});

describe('what is wrong in an extended header', () => {
  const broken = (values: Record<string, string>): TestMember => ({ ...pax(values), name: '././@PaxHeader' });

  it('what is wrong is told of the member that the header is about', () => {
    expect(read(broken({ uid: 'banana' }), { ...file, name: 'etc/motd' })).toMatch(
      /^member "etc\/motd" has a uid/,
    );
  });

  it('what is wrong is told of the path that the header gives', () => {
    const long = 'x/'.repeat(60);
    expect(read(broken({ path: `${long}y`, uid: 'banana' }), file)).toMatch(`member "${long}y" has a uid`);
  });

  it('what is wrong is told by the name of the header where nothing stands behind it', () => {
    expect(read(broken({ uid: 'banana' }))).toMatch(/^member "\.\/\.\/@PaxHeader" has a uid/);
  });

  it('an ACL without numbers is refused with what keeps them', () => {
    const walk = walkTar();
    const text = 'user::rw-,user:joe:r--,group::r--,mask::r--,other::r--';
    expect(() => walk.push(archive(records(['SCHILY.acl.access', text]), file))).toThrow(
      expect.objectContaining({
        message: 'member "a" has an ACL for the user "joe" without a number',
        fix: expect.stringMatching(/bsdtar --acls/),
      }),
    );
  });
});

describe('pax records that some readers read otherwise are refused', () => {
  it.each<[string, RegExp, TestMember]>([
    [
      'an owner that is none',
      /uid in its extended header that is no number of an owner/,
      pax({ uid: 'banana' }),
    ],
    ['an owner below zero', /uid .* is no number/, pax({ uid: '-1' })],
    ['an owner beyond all', /uid .* is no number/, pax({ uid: '4294967296' })],
    ['an owner that means to leave it alone', /gid .* is no number/, pax({ gid: '4294967295' })],
    ['a time that is none', /mtime .* is no time/, pax({ mtime: 'nan' })],
    ['a time with an exponent', /mtime .* is no time/, pax({ mtime: '1e5' })],
    ['a time with a plus', /mtime .* is no time/, pax({ mtime: '+5' })],
    ['a time without whole seconds', /mtime .* is no time/, pax({ mtime: '.5' })],
    [
      'a fraction of a second before 1970',
      /mtime of -5\.25 in its extended header, and tars differ in which way a fraction counts before 1970/,
      pax({ mtime: '-5.25' }),
    ],
    ['a fraction before 1970 in a time of reading', /atime of -0\.5 .* differ/, pax({ atime: '-0.5' })],
    ['a fraction before 1970 of no digits', /mtime .* is no time/, pax({ mtime: '-5.x' })],
    ['a time of no length', /empty record for mtime/, pax({ mtime: '' })],
    ['a time of reading that is none', /atime .* is no time/, pax({ atime: 'x' })],
    ['a character set that nobody knows', /hdrcharset .* is no character set/, pax({ hdrcharset: 'KOI8' })],
    [
      'another size than in the header',
      /size of 3 in its extended header, and of 5 in its header/,
      pax({ size: '3' }),
    ],
    ['another size in a record of star', /has two sizes/, pax({ 'SCHILY.realsize': '3' })],
    ['holes of Solaris', /SUN\.holesdata .* few readers know/, pax({ 'SUN.holesdata': ' 0 3' })],
    ['a part of several volumes', /GNU\.volume\.size .* few readers/, pax({ 'GNU.volume.size': '5' })],
    ['a NUL in the name', /path .* is no name/, pax({ path: 'a\0b' })],
    ['a NUL in the name of an owner', /uname .* is no name/, pax({ uname: 'ro\0ot' })],
    ['a NUL in a key', /key with control characters at byte 0/, pax({ 'pa\0th': 'b' })],
    ['a line feed in a key', /key with control characters/, pax({ '\nsize': '5' })],
    ['no key', /malformed record at byte 0/, pax({ '': 'b' })],
    ['a length of another base', /malformed record/, { ...pax({}), content: '0x9 path=b\n' }],
    ['a length that is one too small', /malformed record at byte 0/, { ...pax({}), content: '9 path=bb\n' }],
    ['a length that is one too large', /malformed record/, { ...pax({}), content: '12 path=bb\n' }],
    ['a length of zero', /malformed record/, { ...pax({}), content: '0 path=b\n' }],
    ['two times', /two records for mtime/, records(['mtime', '5'], ['mtime', '6'])],
    ['a name without one', /extended attribute without a name/, pax({ 'SCHILY.xattr.': 'x' })],
    ['an attribute that is no base64', /that is no base64/, pax({ 'LIBARCHIVE.xattr.user.a': '*' })],
    [
      'two values for one attribute',
      /two values for the extended attribute user\.a/,
      pax({ 'SCHILY.xattr.user.a': 'x', 'LIBARCHIVE.xattr.user.a': 'eQ==' }),
    ],
    ['a time for all', /gives all members behind it one mtime/, pax({ mtime: '5' }, 'g')],
    ['an attribute for all', /one SCHILY\.xattr\.user\.a/, pax({ 'SCHILY.xattr.user.a': 'x' }, 'g')],
    ['a sparse map for all', /one GNU\.sparse\.major/, pax({ 'GNU.sparse.major': '1' }, 'g')],
  ])('a pax record that some readers read otherwise is refused: %s', (_, reason, header) => {
    expect(read(header, file)).toMatch(reason);
  });
});

describe('what a member is comes from its header, and from what stands ahead of it', () => {
  const one = (...members: readonly TestMember[]) => {
    const found = read(...members);
    if (typeof found === 'string') throw new TypeError(found);
    return found.at(-1);
  };

  it('a member is read from a header by itself', () => {
    const raw = {
      100: '0100755\0',
      108: '0001750\0',
      116: '0000144\0',
      136: octal(77),
      265: 'me',
      297: 'users',
    };
    expect(one({ ...file, name: './x//a', raw })).toEqual({
      path: 'x/a',
      type: 'file',
      mode: 0o755,
      uid: 1000,
      gid: 100,
      uname: 'me',
      gname: 'users',
      mtime: { seconds: 77, nanoseconds: 0 },
      size: 5,
      storedSize: 5,
      sparse: undefined,
      target: undefined,
      device: undefined,
      xattrs: new Map(),
      places: { start: 0, header: 0, content: 512, end: 1024 },
    });
  });

  it('links and devices are read', () => {
    expect(one({ name: 'l', type: '2', link: '../x' })).toMatchObject({
      type: 'symbolic-link',
      target: '../x',
    });
    expect(one(file, { name: 'h', type: '1', link: './a' })).toMatchObject({
      type: 'hard-link',
      target: 'a',
    });
    expect(one({ name: 'tty', type: '3', raw: { 329: '0000005\0', 337: '0000001\0' } })).toMatchObject({
      type: 'character-device',
      device: { major: 5, minor: 1 },
    });
  });

  it('an extended header decides over the plain one, with nanoseconds and attributes', () => {
    const given = {
      path: 'ü/b',
      uid: '70000',
      gid: '0',
      uname: '',
      mtime: '1700000000.123456789123',
      comment: 'x',
      'VENDOR.thing': 'passed over',
      'SCHILY.xattr.security.capability': '\x01\0\0\x02',
      'LIBARCHIVE.xattr.user.a%3db': 'eQ',
      'SCHILY.xattr.user.a': 'z',
    };
    expect(one(pax(given), { ...file, raw: { 265: 'me' } })).toMatchObject({
      path: Buffer.from('ü/b').toString('latin1'),
      uid: 70000,
      gid: 0,
      uname: '',
      mtime: { seconds: 1700000000, nanoseconds: 123456789 },
      xattrs: new Map([
        ['security.capability', Buffer.from([1, 0, 0, 2])],
        ['user.a=b', Buffer.from('y')],
        ['user.a', Buffer.from('z')],
      ]),
      places: { start: 0, header: 1024 },
    });
  });

  it('whole seconds before 1970 are read, in both forms', () => {
    expect(one(pax({ mtime: '-5' }), file)).toMatchObject({ mtime: { seconds: -5, nanoseconds: 0 } });
    expect(one({ ...file, raw: { 136: Buffer.alloc(12, 0xff) } })).toMatchObject({ mtime: { seconds: -1 } });
  });
});

describe('a sparse file of pax', () => {
  const version1 = (
    map: string,
    realSize: string,
    more: Readonly<Record<string, string>> = {},
  ): TestMember[] => [
    pax({
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.name': 'disk',
      'GNU.sparse.realsize': realSize,
      ...more,
    }),
    { name: 'GNUSparseFile.0/disk', content: `${map.padEnd(512, '\0')}hello` },
  ];
  const version01 = (map: string, blocks = '2', size = '2000'): TestMember[] => [
    pax({
      'GNU.sparse.size': size,
      'GNU.sparse.numblocks': blocks,
      'GNU.sparse.name': 'disk',
      'GNU.sparse.map': map,
    }),
    file,
  ];
  const version00 = (...runs: readonly [string, string][]): TestMember[] => [
    records(['GNU.sparse.size', '2000'], ['GNU.sparse.numblocks', '2'], ...runs),
    { ...file, name: 'disk' },
  ];
  const sound: [string, TestMember[]][] = [
    ['1.0', version1('2\n0\n5\n2000\n0\n', '2000')],
    ['0.1', version01('0,5,2000,0')],
    [
      '0.0',
      version00(
        ['GNU.sparse.offset', '0'],
        ['GNU.sparse.numbytes', '5'],
        ['GNU.sparse.offset', '2000'],
        ['GNU.sparse.numbytes', '0'],
      ),
    ],
  ];
  it.each(sound)('a sparse file of version %s is read', (_, members) => {
    expect(read(...members)).toMatchObject([
      {
        path: 'disk',
        size: 2000,
        storedSize: 5,
        sparse: [
          { offset: 0, length: 5 },
          { offset: 2000, length: 0 },
        ],
      },
    ]);
  });

  it('a sparse file may have a map of many blocks', () => {
    const runs = Array.from(
      { length: 500 },
      (_, index) => `${index * 100_000}\n${index === 0 ? 5 : 0}\n`,
    ).join('');
    const map = `501\n${runs}50000000\n0\n`;
    const padded = map.padEnd(Math.ceil(map.length / 512) * 512, '\0');
    expect(read(...version1(padded, '50000000'))).toMatchObject([{ size: 50_000_000, storedSize: 5 }]);
  });

  it.each<[string, RegExp, TestMember[]]>([
    ['out of order', /out of order/, version1('2\n2000\n0\n0\n5\n', '2000')],
    ['over itself', /out of order/, version01('0,3,2,2', '2', '4')],
    ['past the end', /reaches past its end/, version1('1\n1998\n5\n', '2000')],
    ['short of the end', /does not reach its end/, version01('0,5', '1')],
    ['of a word', /something that is no number/, version01('0,banana,2000,0')],
    ['of a word in the content', /something that is no number/, version1('banana\n0\n5\n', '2000')],
    ['of a size that is a word', /something that is no number/, version1('2\n0\n5\n2000\n0\n', 'banana')],
    ['of a negative number', /something that is no number/, version01('0,5,-1,0')],
    ['of another number of runs', /sparse map of another length/, version01('0,5,2000,0', '3')],
    ['of half a run', /sparse map of another length/, version01('0,5,2000')],
    ['of more than is stored', /map of 4 bytes, and 5/, version1('2\n0\n4\n2000\n0\n', '2000')],
    ['of numbers without end', /something that is no number/, version1('9'.repeat(512), '2000')],
    ['of more runs than anybody needs', /over 1048576 runs/, version1('9999999\n', '2000')],
    [
      'of a later version',
      /unknown version/,
      version1('2\n0\n5\n2000\n0\n', '2000', { 'GNU.sparse.minor': '1' }),
    ],
    [
      'of two versions',
      /GNU\.sparse\.map that does not go/,
      version1('1\n0\n5\n', '5', { 'GNU.sparse.map': '0,5' }),
    ],
    [
      'of a key that nobody knows',
      /GNU\.sparse\.banana that/,
      version1('1\n0\n5\n', '5', { 'GNU.sparse.banana': '1' }),
    ],
    [
      'of no size',
      /no record for GNU\.sparse\.size/,
      [pax({ 'GNU.sparse.map': '0,5', 'GNU.sparse.numblocks': '1' }), file],
    ],
    [
      'of lengths before offsets',
      /out of order/,
      version00(['GNU.sparse.numbytes', '5'], ['GNU.sparse.offset', '0']),
    ],
    [
      'for a folder',
      /records of a sparse file, and is none/,
      [pax({ 'GNU.sparse.map': '' }), { name: 'd', type: '5' }],
    ],
  ])('a sparse file is refused with a map %s', (_, reason, members) => {
    expect(read(...members)).toMatch(reason);
  });
});

it('a fraction of a second before 1970 is refused with a way that leads to an archive without it', () => {
  const walk = walkTar();
  const refused = (mtime: string) => {
    try {
      walk.push(archive(pax({ mtime }), file));
    } catch (error) {
      return error;
    }
    return undefined;
  };
  expect(refused('-1.5')).toMatchObject({
    code: 'refused',
    fix: 'give the file a time of whole seconds, as with touch -d @-2, and make the archive again',
  });
});
