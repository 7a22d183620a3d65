// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { Failure } from '@latticra/failure';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { asPlainUser, testFolder } from '../test/folder.js';
import { measureFile, writeFileAtomic } from './index.js';

const MIB = 1 << 20;
const folder = testFolder();
const failure = (code: string, kind: string, text: string) =>
  expect.objectContaining({ code, kind, message: expect.stringContaining(text) });

/** Joins `parts`, with every hole filled in. */
const filled = (parts: readonly (Uint8Array | { hole: number })[]) =>
  Buffer.concat(parts.map((part) => ('hole' in part ? Buffer.alloc(part.hole) : part)));

describe('writeFileAtomic', () => {
  it('writeFileAtomic writes bytes and holes, and measures what it wrote', async () => {
    const part = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.record({ hole: fc.nat({ max: 20_000 }) }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const path = folder.at('out');
        const measured = await writeFileAtomic(path, parts, { sha1: true });
        expect(Buffer.compare(readFileSync(path), filled(parts))).toBe(0);
        expect(measured).toEqual(await measureFile(path, { sha1: true }));
        expect(readdirSync(folder.path)).toEqual(['out']);
      }),
      { numRuns: 25 },
    );
  });

  it('writeFileAtomic takes text and bytes as they are', async () => {
    expect(await writeFileAtomic(folder.at('a'), 'é\n')).toMatchObject({
      path: folder.at('a'),
      size: 3,
      sha256: createHash('sha256').update('é\n').digest('hex'),
    });
    await writeFileAtomic(folder.at('b'), new Uint8Array([1, 2]));
    await writeFileAtomic(folder.at('c'), '');
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('é\n');
    expect([...readFileSync(folder.at('b'))]).toEqual([1, 2]);
    expect(readFileSync(folder.at('c'))).toHaveLength(0);
  });

  it('a file that has to be new replaces nothing, neither a file nor a link', async () => {
    const options = { isNew: true };
    await writeFileAtomic(folder.at('new'), 'one', options);
    symlinkSync('nowhere', folder.at('link'));
    for (const name of ['new', 'link']) {
      await expect(writeFileAtomic(folder.at(name), 'two', options)).rejects.toEqual(
        failure('exists', 'cannot-create', folder.at(name)),
      );
    }
    expect(readFileSync(folder.at('new'), 'utf8')).toBe('one');
    expect(readdirSync(folder.path).sort()).toEqual(['link', 'new']);
    expect(statSync(folder.at('new')).nlink).toBe(1);
  });

  it('writeFileAtomic leaves holes as holes, also at the end', async () => {
    const path = folder.at('sparse');
    await writeFileAtomic(path, [Buffer.from('head'), { hole: 64 * MIB }, Buffer.from('x'), { hole: MIB }]);
    const { size, blocks } = statSync(path);
    expect(size).toBe(65 * MIB + 5);
    expect(blocks * 512).toBeLessThan(MIB);
  });

  it('writeFileAtomic lets other things happen while it sums a long hole', async () => {
    let turns = 0;
    let ended = false;
    const turn = () => {
      turns++;
      if (!ended) setImmediate(turn);
    };
    setImmediate(turn);
    const seen = new Set<number>();
    await writeFileAtomic(folder.at('sparse'), [{ hole: 16 * MIB }], { onBytes: () => seen.add(turns) });
    ended = true;
    expect(seen.size).toBeGreaterThan(8);
  });

  it('writeFileAtomic replaces a file as a new one: other names of the old one keep the old content', async () => {
    writeFileSync(folder.at('a'), 'old');
    linkSync(folder.at('a'), folder.at('b'));
    await writeFileAtomic(folder.at('a'), 'new');
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('new');
    expect(readFileSync(folder.at('b'), 'utf8')).toBe('old');
  });

  it('writeFileAtomic gives the mode it was told, less the umask', async () => {
    await writeFileAtomic(folder.at('a'), '', { mode: 0o600 });
    await writeFileAtomic(folder.at('b'), '');
    expect(statSync(folder.at('a')).mode & 0o777).toBe(0o600);
    expect(statSync(folder.at('b')).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it.each([
    ['of 255 ASCII characters', 'n'.repeat(255)],
    ['of 255 bytes in another script', '漢'.repeat(85)],
    ['of 63 astral characters', '😀'.repeat(63)],
    ['with spaces and quotes', ' a\'"$\\ '],
    ['with a leading dash', '-rf'],
  ])('writeFileAtomic writes under a name %s', async (_, name) => {
    await writeFileAtomic(folder.at(name), 'x');
    expect(readdirSync(folder.path)).toEqual([name]);
  });

  itWith(
    ['mkfifo'],
    'writeFileAtomic refuses to replace what is no regular file, and leaves it',
    async () => {
      execFileSync('mkfifo', [folder.at('fifo')]);
      mkdirSync(folder.at('folder'));
      writeFileSync(folder.at('target'), 'old');
      symlinkSync('target', folder.at('link'));
      symlinkSync('nowhere', folder.at('dangling'));
      const names = readdirSync(folder.path);
      for (const name of ['fifo', 'folder', 'link', 'dangling']) {
        await expect(writeFileAtomic(folder.at(name), 'new')).rejects.toThrow(
          failure('cannot-create', 'cannot-create', `${folder.at(name)}: exists and is not a regular file`),
        );
      }
      expect(readdirSync(folder.path)).toEqual(names);
      expect(lstatSync(folder.at('fifo')).isFIFO()).toBe(true);
      expect(readlinkSync(folder.at('link'))).toBe('target');
      expect(readFileSync(folder.at('target'), 'utf8')).toBe('old');
    },
  );

  it('writeFileAtomic names the file, not its temporary name, when it cannot be created', async () => {
    writeFileSync(folder.at('file'), '');
    mkdirSync(folder.at('sealed'), { mode: 0o555 });
    chmodSync(folder.path, 0o755);
    for (const [name, text] of [
      ['missing/a', 'no such file or folder (ENOENT)'],
      ['file/a', 'a part of the path is not a folder (ENOTDIR)'],
      ['n'.repeat(256), 'name too long (ENAMETOOLONG)'],
      ['sealed/a', 'permission denied (EACCES)'],
    ] as const) {
      const path = folder.at(name);
      await expect(asPlainUser(() => writeFileAtomic(path, 'x'))).rejects.toThrow(
        expect.objectContaining({
          code: 'cannot-create',
          kind: 'cannot-create',
          path,
          message: `${path}: ${text}`,
        }),
      );
    }
    expect(readdirSync(folder.path).sort()).toEqual(['file', 'sealed']);
  });

  it.each([
    [
      'a failure of another package',
      new Failure('changed', 'data', 'source changed', { cause: new Error() }),
    ],
    ['an error of the caller', new RangeError('of the caller')],
  ])('writeFileAtomic passes on %s from the content as it is, and leaves the old file', async (_, error) => {
    writeFileSync(folder.at('a'), 'old');
    const content = function* () {
      yield Buffer.from('new');
      throw error;
    };
    await expect(writeFileAtomic(folder.at('a'), content())).rejects.toBe(error);
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('old');
    expect(readdirSync(folder.path)).toEqual(['a']);
  });

  it('writeFileAtomic leaves one whole file when many write at once', async () => {
    const path = folder.at('a');
    const contents = Array.from({ length: 8 }, (_, index) => String(index).repeat(100_000));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    expect(contents).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(folder.path)).toEqual(['a']);
  });
});
