// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../error.js';
import { bytesSource, readBytes } from '../layout/source.js';
import {
  ACL,
  buildErofs,
  byPath,
  entryOf,
  erofsTrees,
  expectErofs,
  OPTIONS,
  readErofs,
  type Sample,
} from '../testing/erofs.js';
import { checkErofs, ErofsTree, openErofs, planErofs, writeErofs } from './index.js';

const file = (path: string, length: number): Sample => ({ path, content: new Uint8Array(length).fill(7) });
const fault = (run: () => unknown): ImageError => {
  try {
    run();
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('an EROFS file system that was written', () => {
  it('reading gives back every tree that was written, and finds no fault in it', () => {
    fc.assert(
      fc.property(erofsTrees, fc.integer({ min: 1, max: 9000 }), (samples, piece) => {
        const { image } = buildErofs(samples, {}, piece);
        const expected = expectErofs(samples);
        expect(byPath(readErofs(openErofs(image)))).toEqual(byPath(expected));
        const { folders, files, others } = checkErofs(image);
        const inodes = [...samples.filter(({ type }) => type !== 'hard-link')];
        expect(files).toBe(inodes.filter(({ type = 'file' }) => type === 'file').length);
        expect(folders).toBe([...expected.values()].filter(({ type }) => type === 'folder').length);
        expect(folders + files + others).toBe(openErofs(image).inodes);
      }),
      { numRuns: 150 },
    );
  });

  it('the same tree gives the same bytes, in whatever pieces its contents come', () => {
    fc.assert(
      fc.property(erofsTrees, fc.integer({ min: 1, max: 5000 }), (samples, piece) => {
        expect(buildErofs(samples, {}, piece).bytes).toEqual(buildErofs(samples).bytes);
      }),
      { numRuns: 30 },
    );
  });

  it('the volume says what it was given', () => {
    const { image, bytes } = buildErofs([file('a', 5)]);
    expect(openErofs(image)).toMatchObject({
      uuid: OPTIONS.uuid,
      volumeName: 'TEST',
      builtAt: { seconds: OPTIONS.epoch, nanoseconds: 0 },
      blockSize: 4096,
      blocks: bytes.length / 4096,
      size: bytes.length,
      inodes: 2,
    });
  });

  it('an empty tree is a root folder that belongs to root and has the time of the file system', () => {
    const { image, bytes } = buildErofs([]);
    expect(bytes).toHaveLength(4096);
    expect(byPath(readErofs(openErofs(image)))).toEqual(byPath(expectErofs([])));
  });

  it('folders are what they were said to be last, and implied ones have the time of the file system', () => {
    const { image } = buildErofs([
      file('a/b/c', 1),
      { path: 'a', type: 'folder', mode: 0o700, uid: 5 },
      { path: '.', type: 'folder', mode: 0o711, mtime: { seconds: 9, nanoseconds: 1 } },
    ]);
    const reader = openErofs(image);
    expect(reader.root).toMatchObject({ mode: 0o711, mtime: { seconds: 9, nanoseconds: 1 } });
    expect(reader.find('a')).toMatchObject({ mode: 0o700, uid: 5, mtime: { seconds: 1_600_000_000 } });
    expect(reader.find('a/b')).toMatchObject({ mode: 0o755, mtime: { seconds: OPTIONS.epoch } });
  });

  it('the names of a large folder are sorted over all of its blocks', () => {
    const samples = Array.from({ length: 3000 }, (_, index) =>
      file(`d/${(index * 7919) % 3000}-${index}`, 0),
    );
    const { image } = buildErofs(samples);
    const reader = openErofs(image);
    const names = [...reader.list(reader.find('d'))].map(({ name }) => name);
    expect(names).toEqual(samples.map(({ path }) => path.slice(2)).sort());
    expect(reader.find('d').size).toBeGreaterThan(8 * 4096);
    expect(checkErofs(image).files).toBe(3000);
  });

  it('a root folder of many blocks and large attributes still has a number of 16 bits', () => {
    const attributes = new Map([['user.large', new Uint8Array(60_000).fill(1)]]);
    const samples = [
      { path: '.', type: 'folder' as const, xattrs: attributes },
      ...Array.from({ length: 2000 }, (_, index) => file(`name-of-a-file-${index}`, 10)),
    ];
    const { image } = buildErofs(samples);
    expect(openErofs(image).root.nid).toBeLessThan(0x10000);
    expect(byPath(readErofs(openErofs(image)))).toEqual(byPath(expectErofs(samples)));
    checkErofs(image);
  });

  it('the image is the same in rooms of any number of blocks, each of which is given away before the next is asked for', () => {
    const samples = [file('a', 50_000), file('b', 5), file('c', 12_288), file('d', 300_001)];
    const { bytes } = buildErofs(samples);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }), (sizes) => {
        const tree = new ErofsTree();
        for (const sample of samples) tree.add(entryOf(sample));
        const parts: Uint8Array[] = [];
        let [given, taken] = [0, 0];
        const writer = writeErofs(
          planErofs(tree, OPTIONS),
          (blocks) => {
            taken++;
            parts.push(blocks.slice());
            blocks.fill(0xff);
          },
          () => {
            expect(given++).toBe(taken);
            return new Uint8Array((sizes[given % sizes.length] ?? 1) * 4096);
          },
        );
        for (const { path, content = new Uint8Array() } of samples) {
          writer.file(path);
          writer.content(content);
        }
        writer.end();
        expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('holes of a file are zeros', () => {
    const tree = new ErofsTree();
    tree.add(entryOf({ path: 'sparse', size: 3_000_000 }));
    const plan = planErofs(tree, OPTIONS);
    const parts: Uint8Array[] = [];
    const writer = writeErofs(plan, (blocks) => parts.push(blocks.slice()));
    writer.file('sparse');
    writer.content({ hole: 1_500_000 });
    writer.content(Uint8Array.of(1, 2, 3));
    writer.content({ hole: 1_499_997 });
    writer.end();
    const image = openErofs(bytesSource(Buffer.concat(parts)));
    const content = readBytes(image.open(image.find('sparse')), 0, 3_000_000);
    const expected = new Uint8Array(3_000_000);
    expected.set([1, 2, 3], 1_500_000);
    expect(Buffer.compare(content, expected)).toBe(0);
  });

  it('small files share blocks, and a large one begins where a block does', () => {
    const samples = [...Array.from({ length: 30 }, (_, index) => file(`s${index}`, 40)), file('large', 4096)];
    expect(buildErofs(samples).bytes).toHaveLength(3 * 4096);
  });
});

describe('what cannot be written', () => {
  const cases: [string, string, Sample[]][] = [
    ['a name of 256 bytes', 'bad-name', [file('n'.repeat(256), 0)]],
    ['a name with a NUL', 'bad-name', [file('a\0b', 0)]],
    ['a path with two dots', 'bad-name', [file('a/../b', 0)]],
    ['an absolute path', 'bad-name', [file('/a', 0)]],
    ['an empty path', 'bad-name', [file('', 0)]],
    ['a name that is more than bytes', 'bad-name', [file('\u0100', 0)]],
    ['a path that is given twice', 'bad-name', [file('a', 0), file('a', 0)]],
    ['a folder where a file is', 'bad-name', [file('a', 0), { path: 'a', type: 'folder' }]],
    ['a file where a folder is', 'bad-name', [{ path: 'a', type: 'folder' }, file('a', 0)]],
    ['a path through a file', 'bad-name', [file('a', 0), file('a/b', 0)]],
    ['a root that is a file', 'bad-name', [file('.', 0)]],
    ['a hard link to nothing', 'not-found', [{ path: 'a', type: 'hard-link', target: 'b' }]],
    [
      'a hard link through a file',
      'not-found',
      [file('b', 0), { path: 'a', type: 'hard-link', target: 'b/c' }],
    ],
    ['a hard link to a folder', 'bad-name', [file('b/c', 0), { path: 'a', type: 'hard-link', target: 'b' }]],
    ['a symbolic link without a target', 'bad-name', [{ path: 'a', type: 'symbolic-link', target: '' }]],
    [
      'a symbolic link of 4096 bytes',
      'bad-name',
      [{ path: 'a', type: 'symbolic-link', target: 't'.repeat(4096) }],
    ],
    ['a device without numbers', 'bad-name', [{ path: 'a', type: 'block-device' }]],
    [
      'a device of a major number of 13 bits',
      'too-large',
      [{ path: 'a', type: 'block-device', device: { major: 4096, minor: 0 } }],
    ],
    [
      'a device of a minor number of 21 bits',
      'too-large',
      [{ path: 'a', type: 'character-device', device: { major: 0, minor: 1 << 20 } }],
    ],
    ['a mode with more than permissions', 'too-large', [{ path: 'a', mode: 0o100644 }]],
    ['an owner that is none', 'too-large', [{ path: 'a', uid: 2 ** 32 - 1 }]],
    ['a group of 33 bits', 'too-large', [{ path: 'a', gid: 2 ** 32 }]],
    ['a negative size', 'too-large', [{ path: 'a', size: -1 }]],
    ['a time with a fraction', 'too-large', [{ path: 'a', mtime: { seconds: 0.5, nanoseconds: 0 } }]],
    ['a second of nanoseconds', 'too-large', [{ path: 'a', mtime: { seconds: 0, nanoseconds: 1e9 } }]],
    ['an attribute without a known prefix', 'bad-name', [{ path: 'a', xattrs: new Map([['x.y', ACL]]) }]],
    ['an attribute that is only a prefix', 'bad-name', [{ path: 'a', xattrs: new Map([['user.', ACL]]) }]],
    [
      'an attribute behind the name of an ACL',
      'bad-name',
      [{ path: 'a', xattrs: new Map([['system.posix_acl_accessory', ACL]]) }],
    ],
    [
      'an ACL as text',
      'corrupt',
      [{ path: 'a', xattrs: new Map([['system.posix_acl_access', Buffer.from('user::rw-')]]) }],
    ],
    [
      'more than 64 KiB of attributes',
      'too-large',
      [{ path: 'a', xattrs: new Map([['user.a', new Uint8Array(65_530)]]) }],
    ],
  ];
  it.each(cases)('%s is refused as %s, by its path', (_, code, samples) => {
    const error = fault(() => buildErofs(samples));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^"(?:[^"\\]|\\.)*…?" (?:is|has|lies) /);
  });

  it.each([
    [{ uuid: 'none' }, 'bad-name'],
    [{ volumeName: 'more than 16 bytes' }, 'bad-name'],
    [{ volumeName: 'größe' }, 'bad-name'],
    [{ epoch: -1 }, 'out-of-range'],
  ] as const)('options %j are refused as %s', (options, code) => {
    expect(fault(() => buildErofs([], options)).code).toBe(code);
  });

  const write = () => {
    const tree = new ErofsTree();
    tree.add(entryOf({ path: 'a', size: 5 }));
    tree.add(entryOf({ path: 'b', size: 0 }));
    return writeErofs(planErofs(tree, OPTIONS), () => undefined);
  };
  it('content that is not what was planned is refused', () => {
    const five = new Uint8Array(5);
    expect(fault(() => write().end()).code).toBe('not-found');
    expect(fault(() => write().file('b')).code).toBe('not-found');
    expect(fault(() => write().content(five)).code).toBe('out-of-range');
    const long = write();
    long.file('a');
    long.content(five);
    expect(fault(() => long.content(Uint8Array.of(1))).message).toContain('"a" has more than the 5 bytes');
    const short = write();
    short.file('a');
    short.content({ hole: 4 });
    expect(fault(() => short.file('b')).message).toContain('"a" has 4 bytes, but 5 were planned');
    const forgotten = write();
    forgotten.file('a');
    forgotten.content(five);
    expect(fault(() => forgotten.end()).code).toBe('not-found');
    expect(fault(() => write().file('c')).code).toBe('not-found');
  });
});
