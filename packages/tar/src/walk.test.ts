// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive, gnuLong, member, octal, pax, paxRecord } from '../test/archive.js';
import { TarError } from './error.js';
import { BLOCK_BYTES } from './header.js';
import { walkTar } from './walk.js';

/** Feeds an archive in pieces of `step` bytes. */
function check(bytes: Uint8Array, step = bytes.length) {
  const tar = walkTar();
  for (let at = 0; at < bytes.length; at += step) tar.push(bytes.subarray(at, at + step));
  return tar.end();
}

/** Returns how a check ended: with members, or with a refusal; anything else it throws fails the test. */
function outcome(bytes: Uint8Array, step?: number): number | string {
  try {
    return check(bytes, step).members;
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    return error.message;
  }
}

const file = { name: 'etc/hostname', content: 'latticra\n' };
const sparse = (runs: string, extended: string, realSize: string) => ({
  name: 'disk',
  type: 'S',
  magic: 'ustar  \0',
  content: 'x'.repeat(1024),
  raw: { 386: runs, 482: extended, 483: realSize },
});

describe('what is accepted', () => {
  it.each<[string, Uint8Array]>([
    ['a file', archive(file)],
    ['a file without content', archive({ name: 'empty' })],
    ['content of exactly one block', archive({ name: 'a', content: 'x'.repeat(BLOCK_BYTES) })],
    ['the root itself', archive({ name: './', type: '5' })],
    ['an archive of the seventh edition', archive({ ...file, type: '\0', magic: '' })],
    ['a size with spaces around it', archive({ name: 'a', content: 'abc', size: '          3 ' })],
    [
      'a size in base-256',
      archive({ name: 'a', content: 'abc', size: Buffer.from([0x80, ...Array(10).fill(0), 3]) }),
    ],
    ['a name in two parts', archive({ name: 'hostname', prefix: 'etc' })],
    ['dots that are no ..', archive({ name: '..a/b../...' })],
    ['a symbolic link to anywhere', archive({ name: 'a', type: '2', link: '/../../etc' })],
    ['a hard link inside', archive(file, { name: 'b', type: '1', link: 'etc/hostname' })],
    ['devices and FIFOs', archive(...['3', '4', '6'].map((type) => ({ name: `dev/${type}`, type })))],
    ['a long name of GNU', archive(gnuLong('L', `${'d/'.repeat(200)}f`), file)],
    [
      'a long link target of GNU',
      archive(gnuLong('K', 'x'.repeat(300)), { name: 'a', type: '2', link: 'x' }),
    ],
    ['a pax name', archive(pax({ path: 'ü'.repeat(120) }), file)],
    ['a pax size', archive(pax({ size: '9' }), file)],
    ['a pax name that hides an absolute one', archive(pax({ path: 'a' }), { ...file, name: '/a' })],
    ['a comment for all, as git writes it', archive(pax({ comment: 'x' }, 'g'), file)],
    [
      'a sparse file of GNU',
      archive(
        sparse(octal(0) + octal(512) + octal(8192) + octal(512) + octal(9000) + octal(0), '\0', octal(9000)),
      ),
    ],
    ['a folder of the seventh edition', archive({ name: 'a/', type: '\0', magic: '' })],
    ['a time before 1970', archive({ name: 'a', raw: { 136: Buffer.alloc(12, 0xff) } })],
    ['padding', Buffer.concat([archive(file), Buffer.alloc(20 * BLOCK_BYTES)])],
  ])('a sound archive is accepted: %s', (_, bytes) => {
    expect(check(bytes).members).toBeGreaterThan(0);
    expect(outcome(bytes, 7)).toBe(check(bytes).members);
  });

  it('a sparse map that goes on behind the header', () => {
    const runs = [0, 512, 600, 0, 700, 0, 800, 0].map(octal).join('');
    const head = member({ ...sparse(runs, '\x01', octal(2048)) });
    const map = Buffer.alloc(BLOCK_BYTES);
    map.write([1200, 512, 2048, 0].map(octal).join(''));
    const [header, content] = [head.subarray(0, BLOCK_BYTES), head.subarray(BLOCK_BYTES)];
    expect(check(archive(Buffer.concat([header, map, content]))).members).toBe(1);
  });
});

describe('what is refused, and why', () => {
  const link = { name: 'a', type: '1' };
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', Buffer.alloc(0), /ends in the first header, 512 bytes too early/],
    ['no member', archive(), /holds no members/],
    ['no archive', Buffer.alloc(1024, 'x'), /the first header has a wrong checksum/],
    [
      'a wrong checksum',
      archive(file, { name: 'b', checksumOff: 1 }),
      /behind member "etc\/hostname" has a wrong checksum/,
    ],
    [
      'a member that is cut off',
      member(file).subarray(0, 515),
      /ends in member "etc\/hostname", 6 bytes too early/,
    ],
    ['no end', member(file), /ends in the header behind member "etc\/hostname", 512 bytes/],
    ['half an end', Buffer.concat([member(file), Buffer.alloc(512)]), /ends in the end of the archive, 512/],
    [
      'a lone zero block',
      Buffer.concat([member(file), Buffer.alloc(512), archive(file)]),
      /one zero block alone/,
    ],
    [
      'a member behind the end',
      Buffer.concat([archive(file), archive({ name: 'b' })]),
      /byte 2048: member "b" behind the end/,
    ],
    [
      'garbage behind the end',
      Buffer.concat([archive(file), Buffer.alloc(512, 'x')]),
      /something behind the end/,
    ],
    [
      'a part of a block behind the end',
      Buffer.concat([archive(file), Buffer.alloc(5)]),
      /507 bytes too early/,
    ],
    ['an absolute name', archive({ name: '/etc/passwd' }), /"\/etc\/passwd" has an absolute name/],
    ['an absolute prefix', archive({ name: 'passwd', prefix: '/etc' }), /has an absolute name/],
    ['..', archive({ name: 'a/../../b' }), /"a\/..\/..\/b" has \.\. in its name/],
    ['.. at the end', archive({ name: '..', type: '5' }), /has \.\. in its name/],
    ['.. behind a pax header', archive(pax({ path: '../a' }), file), /"..\/a" has \.\. in its name/],
    ['.. behind a long name', archive(gnuLong('L', '../a'), file), /has \.\. in its name/],
    ['.. behind a sparse name', archive(pax({ 'GNU.sparse.name': '../a' }), file), /has \.\. in its name/],
    ['no name', archive({ name: '' }), /has no name/],
    ['a NUL in a long name', archive(gnuLong('L', 'a\0b'), file), /has a NUL byte/],
    [
      'a hard link outside',
      archive({ ...link, link: '/etc/shadow' }),
      /hard link to "\/etc\/shadow", which has an absolute/,
    ],
    ['a hard link through ..', archive({ ...link, link: 'b/../../c' }), /which has \.\./],
    [
      'a hard link through a pax header',
      archive(pax({ linkpath: '../c' }), { ...link, link: 'b' }),
      /which has \.\./,
    ],
    [
      'a hard link through a long target',
      archive(gnuLong('K', '../c'), { ...link, link: 'b' }),
      /which has \.\./,
    ],
    ['a hard link to nothing', archive(link), /which has no name/],
    ['a symbolic link to nothing', archive({ name: 'a', type: '2' }), /without a target/],
    [
      'content of a hard link',
      archive({ ...link, link: 'b', content: 'x' }),
      /a hard link with 1 bytes of content/,
    ],
    ['content of a folder', archive({ name: 'a', type: '5', content: 'x' }), /a folder with 1 bytes/],
    [
      'content of a folder of the seventh edition',
      archive({ name: 'a/', type: '\0', content: 'x' }),
      /a folder with 1 bytes/,
    ],
    ['a negative size', archive({ name: 'a', size: Buffer.alloc(12, 0xff) }), /no length of a file/],
    [
      'a huge size',
      archive({ name: 'a', size: Buffer.from([0x80, 0xff, ...Array(10).fill(0)]) }),
      /no length of a file/,
    ],
    [
      'a size beyond base-256',
      archive({ name: 'a', size: Buffer.from([0x81, ...Array(11).fill(0)]) }),
      /no length of a file/,
    ],
    ['a size of other digits', archive({ name: 'a', size: '00000000009\0' }), /no length of a file/],
    ['a size with a sign', archive({ name: 'a', size: '-0000000001\0' }), /no length of a file/],
    [
      'a mode of other digits',
      archive({ name: 'a', raw: { 100: '0000648\0' } }),
      /has a mode that is no number/,
    ],
    ['an owner below zero', archive({ name: 'a', raw: { 108: Buffer.alloc(8, 0xff) } }), /has an owner that/],
    [
      'a time beyond all',
      archive({ name: 'a', raw: { 136: Buffer.from([0xff, ...Array(11).fill(0)]) } }),
      /has a time that/,
    ],
    [
      'a device without number',
      archive({ name: 'a', type: '4', raw: { 337: 'x' } }),
      /minor device number that is/,
    ],
    [
      'the number of a device that is none, where there is no device',
      archive({ name: 'a', raw: { 329: 'x' } }),
      /major device number that is no number/,
    ],
    [
      'the same of an extended header',
      archive({ ...pax({ path: 'b' }), raw: { 337: 'x' } }, file),
      /minor device number that is no number/,
    ],
    ['a pax size that is negative', archive(pax({ size: '-1' }), file), /extended header that is no length/],
    [
      'a pax size that is huge',
      archive(pax({ size: '9'.repeat(16) }), file),
      /extended header that is no length/,
    ],
    ['a pax size that is empty', archive(pax({ size: '' }), file), /empty record for size/],
    [
      'two pax names',
      archive({ ...pax({}), content: paxRecord('path', 'a') + paxRecord('path', 'b') }, file),
      /two records for path/,
    ],
    [
      'a pax record of another length',
      archive({ ...pax({}), content: '8 path=a\n' }, file),
      /malformed record at byte 0/,
    ],
    [
      'a pax record without end',
      archive({ ...pax({}), content: '99 path=a\n' }, file),
      /malformed record at byte 0/,
    ],
    ['a pax record without =', archive({ ...pax({}), content: '6 abc\n' }, file), /malformed record/],
    ['a name for all', archive(pax({ path: 'a' }, 'g'), file), /gives all members behind it one path/],
    ['a pax header of nothing', archive(pax({ path: 'a' })), /extended header of nothing/],
    ['two pax headers', archive(pax({ path: 'a' }), pax({ path: 'b' }), file), /second of its kind/],
    ['two long names', archive(gnuLong('L', 'a'), gnuLong('L', 'b'), file), /second of its kind/],
    [
      'a long name and a pax name',
      archive(gnuLong('L', 'a'), pax({ path: 'b' }), file),
      /has two long names/,
    ],
    [
      'an extended header without end',
      archive({ ...pax({}), size: octal(1 << 21) }, file),
      /over 1048576 bytes/,
    ],
    ['a multi-volume part', archive({ name: 'a', type: 'M' }), /is of type "M"/],
    [
      'a sparse map out of order',
      archive(sparse(octal(512) + octal(512) + octal(0) + octal(512), '\0', octal(9000))),
      /out of order/,
    ],
    [
      'a sparse map of another length',
      archive(sparse(octal(0) + octal(512), '\0', octal(512))),
      /map of 512 bytes, and 1024/,
    ],
    [
      'a sparse map that stops before the end, where some readers stop too',
      archive(sparse(octal(0) + octal(1024), '\0', octal(9000))),
      /does not reach its end/,
    ],
    [
      'a sparse map over itself',
      archive(sparse(octal(0) + octal(600) + octal(512) + octal(424), '\0', octal(936))),
      /out of order/,
    ],
    [
      'a sparse map without numbers',
      archive(sparse(`banana      ${octal(512)}`, '\0', octal(512))),
      /sparse map with something that/,
    ],
    [
      'a sparse map of no size',
      archive(sparse(octal(0) + octal(1024), '\0', 'banana')),
      /something that is no number/,
    ],
    [
      'a sparse map of parts of blocks',
      archive(sparse(octal(0) + octal(500) + octal(600) + octal(524), '\0', octal(1124))),
      /parts of blocks/,
    ],
    [
      'a sparse map with a gap',
      archive(
        sparse(`${octal(0)}${octal(512)}${'\0'.repeat(24)}${octal(512)}${octal(512)}`, '\0', octal(1024)),
      ),
      /gaps in it/,
    ],
    ['a sparse file of others than GNU', archive({ name: 'a', type: 'S' }), /is of type "S"/],
    [
      'times where others have the prefix',
      archive({ name: 'a', magic: 'ustar  \0', prefix: '1' }),
      /where the prefix/,
    ],
    ['a file with the name of a folder', archive({ name: 'a/' }), /a file with the name of a folder/],
    [
      'a folder of the seventh edition by a long name',
      archive(pax({ path: 'a/' }), { name: 'a', type: '\0' }),
      /a file with the name of a folder/,
    ],
    [
      'a file for the root',
      archive({ name: './', type: '2', link: 'x' }),
      /is the root, and a symbolic link/,
    ],
    [
      'a part of a name that no file system takes',
      archive(pax({ path: 'a'.repeat(256) }), file),
      /longer than file/,
    ],
    [
      'a name that none takes',
      archive(pax({ path: 'a/'.repeat(2049) }), file),
      /longer than file systems allow/,
    ],
    [
      'a link target that none takes',
      archive(gnuLong('K', 'a'.repeat(4096)), { name: 'a', type: '2', link: 'x' }),
      /target that is longer/,
    ],
    [
      'an owner that means to leave it alone',
      archive({ name: 'a', raw: { 108: Buffer.from('80000000ffffffff', 'hex') } }),
      /has an owner/,
    ],
    [
      'more devices than one',
      archive(pax({ 'SCHILY.devmajor': '9' }), { name: 'a', type: '3' }),
      /has two device numbers/,
    ],
    ['a sparse map past the end', archive(sparse(octal(0) + octal(1024), '\0', octal(512))), /past its end/],
  ])('a faulty archive is refused, and the reason said: %s', (_, bytes, reason) => {
    expect(outcome(bytes)).toMatch(reason);
    expect(outcome(bytes, 100)).toBe(outcome(bytes));
  });

  it('a member is named on one line, however long its name is and whatever is in it', () => {
    const reason = outcome(archive(gnuLong('L', `/\n\x1b[31m\u2028${'x'.repeat(5000)}`), file));
    expect(reason).toMatch(/^member "\/\\n\\u001b\[31m\\u2028x+…" has an absolute name$/);
    expect(String(reason).length).toBeLessThan(300);
  });
});

const small = archive(
  { name: './', type: '5' },
  pax({ path: `${'long/'.repeat(30)}name` }),
  { name: 'short', content: 'x'.repeat(700) },
  gnuLong('K', 'target'),
  { name: 'link', type: '2', link: 't' },
  file,
);

describe('damage', () => {
  it('damage is found wherever the archive is cut', () => {
    const cuts = Array.from(small.keys()).filter((at) => at % BLOCK_BYTES === 0 || at % 13 === 0);
    for (const at of cuts)
      expect(outcome(small.subarray(0, at)), `cut at ${at}`).toMatch(/^ends in .* too early$/);
  });

  it('damage of any bytes gives a result or a refusal, the same in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 1500 }),
        (changes, step) => {
          const bytes = Buffer.from(small);
          for (const [at, byte] of changes) bytes[at] = byte;
          expect(outcome(bytes, step)).toEqual(outcome(bytes));
        },
      ),
    );
  });

  it('damage of a header is always found', () => {
    fc.assert(
      fc.property(fc.nat(BLOCK_BYTES - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(small);
        const before = bytes[at] ?? 0;
        bytes[at] = before ^ change;
        // Spaces and NULs around the checksum itself mean the same.
        fc.pre(at < 148 || at > 155);
        expect(outcome(bytes)).toMatch(/checksum/);
      }),
    );
  });
});

describe('what decides the name, the target or the end of a member', () => {
  const link = { name: 'a', type: '2', link: 'b' };

  it.each(['path', 'linkpath', 'size'])('the record of %s stands once, with a value', (key) => {
    const twice = { ...pax({}), content: paxRecord(key, '1') + paxRecord(key, '1') };
    expect(outcome(archive(twice, file))).toContain(`has two records for ${key} in its extended header`);
    expect(outcome(archive(pax({ [key]: '' }), file))).toContain(`has an empty record for ${key}`);
    expect(outcome(archive(pax({ [key]: '1' }, 'g'), file))).toContain(
      `gives all members behind it one ${key}`,
    );
  });

  it('the name, the target and the end of a member each come from one place', () => {
    const targets = [gnuLong('K', 'c'), pax({ linkpath: 'd' })];
    expect(outcome(archive(...targets, link))).toContain('has two long link targets');
    for (const target of targets) expect(outcome(archive(target, link))).toBe(1);
  });

  it('a long name with NULs inside takes no longer than another', () => {
    // With a step for each pair of them this takes minutes, and the limit of a test is one.
    const name = `a${'\0'.repeat(1_000_000)}a`;
    expect(outcome(archive(gnuLong('L', name), { name: 'a' }))).toMatch(/has a NUL byte/);
  });
});
