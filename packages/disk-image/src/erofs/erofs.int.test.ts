// SPDX-License-Identifier: Apache-2.0
import { lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWith, itWith } from '../../../../tools/testing/tools.js';
import { type ByteSource, bytesSource, readBytes } from '../layout/source.js';
import { patched, tolerate } from '../testing/damage.js';
import { ACL, buildErofs, erofsTrees, OPTIONS, readErofs, type Sample, type Seen } from '../testing/erofs.js';
import { examine, inFolder, output } from '../testing/run.js';
import { checkErofs, type ErofsNamed, openErofs } from './index.js';

const isRoot = process.getuid?.() === 0;

/** Something of everything that a root file system holds. */
const SAMPLE: Sample[] = [
  { path: '.', type: 'folder', mode: 0o755, mtime: { seconds: 1_500_000_000, nanoseconds: 123_456_789 } },
  { path: 'etc/os-release', content: Buffer.from('ID=test\n'), mode: 0o644 },
  { path: 'etc/shadow', content: new Uint8Array(4096).fill(1), mode: 0o640, gid: 42 },
  { path: 'usr/bin/su', content: new Uint8Array(70_001).fill(2), mode: 0o4755 },
  { path: 'usr/bin/su-too', type: 'hard-link', target: 'usr/bin/su' },
  { path: 'tmp', type: 'folder', mode: 0o1777 },
  { path: 'sbin', type: 'symbolic-link', target: 'usr/bin', mode: 0o777 },
  { path: 'long', type: 'symbolic-link', target: 'l/'.repeat(2047), mode: 0o777 },
  { path: 'dev/null', type: 'character-device', device: { major: 1, minor: 3 }, mode: 0o666 },
  { path: 'dev/vda300', type: 'block-device', device: { major: 254, minor: 300 }, mode: 0o660, gid: 6 },
  { path: 'run/pipe', type: 'fifo', mode: 0o600 },
  { path: `names/${'n'.repeat(255)}`, content: Uint8Array.of(1) },
  { path: 'names/\xff\xe4 \x01', content: Uint8Array.of(2) },
  ...Array.from({ length: 700 }, (_, index) => ({
    path: `many/file-number-${index}`,
    content: Uint8Array.of(index),
  })),
  {
    path: 'attributes/acl',
    type: 'folder',
    xattrs: new Map([
      ['system.posix_acl_access', ACL],
      ['system.posix_acl_default', ACL],
    ]),
  },
  {
    path: 'attributes/ping',
    content: new Uint8Array(100),
    xattrs: new Map([
      ['security.capability', Buffer.from('0100000200200000000000000000000000000000', 'hex')],
      ['security.selinux', Buffer.from('system_u:object_r:bin_t:s0\0')],
      ['trusted.overlay.opaque', Buffer.from('y')],
      ['user.empty', new Uint8Array()],
    ]),
  },
  {
    path: 'attributes/large',
    content: new Uint8Array(10),
    xattrs: new Map([['user.l', new Uint8Array(65_000)]]),
  },
];

const bytePath = (folder: string, name: string) =>
  Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);

/** Compares an unpacked file with what was packed. */
function expectUnpacked(path: Buffer, { type, mode, owner, mtime, content }: Seen): void {
  const stat = lstatSync(path, { bigint: true });
  const time = `${stat.mtimeNs / 1_000_000_000n}.${stat.mtimeNs % 1_000_000_000n}`;
  if (type === 'symbolic-link') {
    expect(readlinkSync(path, { encoding: 'buffer' }).toString('hex')).toBe(content);
    return;
  }
  // fsck.erofs changes the owner last, which takes set-id bits away.
  expect(Number(stat.mode) & 0o1777).toBe(mode & 0o1777);
  if (isRoot) expect(`${stat.uid}:${stat.gid}`).toBe(owner);
  if (type === 'file') {
    expect(readFileSync(path).toString('hex')).toBe(content);
    expect(time).toBe(mtime);
  }
  expect({
    file: stat.isFile(),
    folder: stat.isDirectory(),
    fifo: stat.isFIFO(),
    'character-device': stat.isCharacterDevice(),
    'block-device': stat.isBlockDevice(),
  }).toMatchObject({ [type]: true });
}

describe('file systems written here, before erofs-utils', () => {
  itWith(['fsck.erofs', 'dump.erofs'], 'fsck.erofs finds no fault, and unpacks all that was packed', () => {
    inFolder((folder) => {
      const { bytes, image } = buildErofs(SAMPLE);
      const path = join(folder, 'image');
      writeFileSync(path, bytes);
      expect(examine('fsck.erofs', path)).toEqual({
        code: 0,
        said: '',
      });
      const superblock = output('dump.erofs', '-s', path).toString();
      expect(superblock).toContain(OPTIONS.uuid);
      expect(superblock).toMatch(new RegExp(`inode count:\\s+${openErofs(image).inodes}\\n`));
      expect(superblock).toMatch(new RegExp(`blocks:\\s+${bytes.length / 4096}\\n`));
      expect(output('dump.erofs', '--path=/usr/bin/su', path).toString()).toMatch(
        /Links: 2 [\s\S]*Access: 0755[\s\S]*2020-09-13 12:26:40.000000005/,
      );
      const preserve = isRoot ? ['--preserve'] : ['--preserve-perms'];
      expect(examine('fsck.erofs', `--extract=${folder}/out`, ...preserve, path)).toMatchObject({ code: 0 });
      for (const [name, seen] of readErofs(openErofs(image))) {
        const special = /device/.test(seen.type);
        if (name !== '.' && !(special && !isRoot)) expectUnpacked(bytePath(`${folder}/out`, name), seen);
      }
    });
  });

  itWith(
    ['fsck.erofs'],
    'fsck.erofs finds no fault in any tree, and reads all of its contents',
    () => {
      fc.assert(
        fc.property(erofsTrees, (samples) => {
          inFolder((folder) => {
            const path = join(folder, 'image');
            writeFileSync(path, buildErofs(samples).bytes);
            expect(examine('fsck.erofs', '--extract', path)).toEqual({
              code: 0,
              said: '',
            });
          });
        }),
        { numRuns: 40 },
      );
    },
    60_000,
  );
});

/** Makes a folder that every file system can hold, whoever runs the tests. */
function makeFolder(folder: string): void {
  mkdirSync(join(folder, 'deep/er/est'), { recursive: true });
  const content = (length: number) => new Uint8Array(length).map((_, index) => index % 251);
  for (const length of [0, 1, 100, 4031, 4033, 4096, 5000, 70_000, 300_000])
    writeFileSync(join(folder, `file-of-${length}`), content(length));
  writeFileSync(join(folder, 'zeros'), new Uint8Array(200_000));
  writeFileSync(join(folder, 'deep/er/est/end'), 'end');
  for (let index = 0; index < 400; index++)
    writeFileSync(join(folder, `deep/a-name-of-some-length-${index}`), `${index}`);
  output('ln', join(folder, 'zeros'), join(folder, 'deep/hard'));
  output('ln', '-s', 'deep/er', join(folder, 'soft'));
  output('mkfifo', join(folder, 'pipe'));
  output('chmod', '6755', join(folder, 'file-of-100'));
}

const MKFS: [string, string[], 'whole' | 'compressed'][] = [
  ['nothing else', [], 'whole'],
  ['no attributes', ['-x-1'], 'whole'],
  ['all attributes shared', ['-x1'], 'whole'],
  ['short inodes', ['-Eforce-inode-compact', '-T1700000000'], 'whole'],
  ['long inodes', ['-Eforce-inode-extended'], 'whole'],
  ['no tails', ['-Enoinline_data'], 'whole'],
  ['chunks of a block', ['--chunksize=4096'], 'whole'],
  ['large chunks', ['--chunksize=65536'], 'whole'],
  ['chunks by their indexes', ['--chunksize=4096', '-Eforce-chunk-indexes'], 'whole'],
  ['all owned by root', ['--all-root', '-T0', '-U00112233-4455-6677-8899-aabbccddeeff'], 'whole'],
  ['build time for all', ['--ignore-mtime'], 'whole'],
  ['no checksum', ['-E^sb_chksum'], 'whole'],
  ['lz4', ['-zlz4'], 'compressed'],
  ['lz4hc, tails packed', ['-zlz4hc,9', '-Eztailpacking', '-C65536'], 'compressed'],
  ['fragments', ['-zlz4', '-Efragments'], 'compressed'],
  ['legacy compression', ['-zlz4', '-Elegacy-compress'], 'compressed'],
];

describeWith(['mkfs.erofs'], 'file systems of mkfs.erofs', () => {
  it.each(MKFS)('a file system with %s is read as the folder that it was made of', (_, options, expected) => {
    inFolder((folder) => {
      const [root, path] = [join(folder, 'root'), join(folder, 'image')];
      makeFolder(root);
      const made = examine('mkfs.erofs', ...options, path, root);
      expect(made).toMatchObject({ code: 0 });
      const source = bytesSource(readFileSync(path));
      const image = openErofs(source);
      const check = checkErofs(source);
      expect(check).toMatchObject({ files: 411, others: 2, folders: 4 });
      expect(check.compressed > 0).toBe(expected === 'compressed');
      let unread = 0;
      for (const { name, inode } of image.walk()) {
        const stat = lstatSync(bytePath(root, name), { bigint: true });
        if (!options.includes('--ignore-mtime') && !options.some((option) => option.startsWith('-T')))
          expect(inode.mtime.seconds).toBe(Number(stat.mtimeNs / 1_000_000_000n));
        expect(inode.mode).toBe(Number(stat.mode) & 0o7777);
        expect(inode.uid).toBe(options.includes('--all-root') ? 0 : Number(stat.uid));
        if (inode.type !== 'folder') expect(inode.links).toBe(Number(stat.nlink));
        if (inode.type === 'symbolic-link') expect(image.target(inode)).toBe('deep/er');
        if (inode.type !== 'file') continue;
        expect(inode.size).toBe(Number(stat.size));
        const refused = tolerate(() => expectSame(image.open(inode), readFileSync(bytePath(root, name))));
        if (refused === undefined) continue;
        expect(refused.code).toBe('unsupported');
        unread++;
      }
      expect(unread > 0).toBe(expected === 'compressed');
    });
  });

  it.each(MKFS)('a damaged file system with %s is read or refused, whatever bytes change', (_, options) => {
    inFolder((folder) => {
      const [root, path] = [join(folder, 'root'), join(folder, 'image')];
      mkdirSync(join(root, 'd/e'), { recursive: true });
      for (const length of [0, 50, 5000, 20_000])
        writeFileSync(join(root, `d/file-${length}`), new Uint8Array(length).fill(3));
      output('ln', '-s', 'd', join(root, 'link'));
      expect(examine('mkfs.erofs', ...options, path, root)).toMatchObject({ code: 0 });
      const bytes = readFileSync(path);
      bytes.writeUInt32LE(bytes.readUInt32LE(1024 + 8) & ~1, 1024 + 8);
      const source = bytesSource(bytes);
      const places = [...openErofs(source).walk()].flatMap(({ inode: { places: at } }) => [
        at.inode,
        at.behind,
      ]);
      const place = fc.oneof(
        fc.integer({ min: 1024, max: 1151 }),
        fc
          .tuple(fc.constantFrom(...places), fc.nat(63))
          .map(([at, more]) => Math.min(at + more, bytes.length - 1)),
      );
      fc.assert(
        fc.property(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 3 }), (patches) => {
          const damaged = patched(source, patches);
          tolerate(() => checkErofs(damaged));
          for (const { inode } of walkOf(damaged)) {
            if (inode.type === 'file') tolerate(() => readStart(openErofs(damaged).open(inode)));
          }
        }),
        { numRuns: 150 },
      );
    });
  });

  itWith(['mkfs.erofs', 'python3'], 'extended attributes are read, of one inode and of several', () => {
    inFolder((folder) => {
      const [root, path] = [join(folder, 'root'), join(folder, 'image')];
      makeFolder(root);
      const set = `import os,sys
for name in os.listdir(sys.argv[1]):
    if name.startswith('file'):
        os.setxattr(os.path.join(sys.argv[1], name), 'user.shared', b'by all')
os.setxattr(os.path.join(sys.argv[1], 'zeros'), 'user.own', b'o' * 200)`;
      output('python3', '-c', set, root);
      for (const option of ['-x1', '-x2', '-x100']) {
        expect(examine('mkfs.erofs', option, path, root)).toMatchObject({ code: 0 });
        const source = bytesSource(readFileSync(path));
        const image = openErofs(source);
        checkErofs(source);
        const shown = (name: string) =>
          [...image.xattrs(image.find(name))].map(([key, value]) => `${key}=${Buffer.from(value)}`);
        expect(shown('file-of-100')).toEqual(['user.shared=by all']);
        expect(shown('zeros')).toEqual([`user.own=${'o'.repeat(200)}`]);
        expect(shown('deep')).toEqual([]);
      }
    });
  });
});

function expectSame(source: ByteSource, bytes: Buffer): void {
  expect(Buffer.compare(readBytes(source, 0, source.size), bytes)).toBe(0);
}

/** Lists what can be reached before a fault ends it. */
function walkOf(source: ByteSource): ErofsNamed[] {
  const found: ErofsNamed[] = [];
  tolerate(() => {
    for (const named of openErofs(source).walk()) found.push(named);
  });
  return found;
}

/** Reads both ends of a file, of which damage may have made a large one. */
function readStart(source: ByteSource): void {
  readBytes(source, 0, Math.min(source.size, 50_000));
  readBytes(source, Math.max(0, source.size - 5000), Math.min(source.size, 5000));
}
