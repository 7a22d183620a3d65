// SPDX-License-Identifier: Apache-2.0
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFile, readRecorded } from './check.js';
import { type HeldPlace, holdFile, holdFolderOf, holdPlace, staysInside } from './inside.js';
import { sumBytes } from './sum.js';

const TEXT = 'inside\n';
const SHA256 = sumBytes(Buffer.from(TEXT));

let base = '';
const at = (...names: string[]) => join(base, 'root', ...names);
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'inside-'));
  mkdirSync(at('a/b'), { recursive: true });
  mkdirSync(join(base, 'outside'));
  for (const path of [at('f'), at('a/b/f'), join(base, 'outside/f')]) writeFileSync(path, TEXT);
});
afterEach(() => rmSync(base, { recursive: true }));

const held = <T>(use: (place: HeldPlace) => Promise<T>) =>
  holdPlace({ path: 'record.txt', folder: at() }, use);
const read = (path: string) =>
  held((place) => holdFile(place, 'x_path', path, (file) => file.bytes(100).toString()));

describe('a file below the folder of a document', () => {
  it('a file is read however deep it lies, and nothing is left open', async () => {
    const before = readdirSync('/proc/self/fd').length;
    expect([await read('f'), await read('a/b/f')]).toEqual([TEXT, TEXT]);
    await expect(read('a/b/none')).rejects.toMatchObject({ code: 'not-found' });
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  it('the folder of a document may itself be named through a link', async () => {
    symlinkSync('root', join(base, 'link'));
    const place = { path: 'record.txt', folder: join(base, 'link') };
    expect(await holdPlace(place, (it) => holdFile(it, 'x_path', 'f', (file) => file.size))).toBe(
      TEXT.length,
    );
  });

  it.each(['', '.', '..', '/f', 'a//f', 'a/../f', './f', '../outside/f', 'a\\f', 'f/'])(
    'the path %j names no file below the folder',
    async (path) => {
      expect(staysInside(path)).toBe(false);
      await expect(read(path)).rejects.toMatchObject({ code: 'path-escape', kind: 'data' });
    },
  );

  it.each<[string, () => void]>([
    ['it', () => symlinkSync('../outside/f', at('a/b/x'))],
    ['the folder of it', () => replaceByLink(at('a/b'), '../../outside')],
    ['a folder above it', () => replaceByLink(at('a'), '../outside')],
  ])('a file is not read when %s is a link', async (_, link) => {
    link();
    const path = readdirSync(at('a')).includes('b') ? 'a/b/x' : 'a/b/f';
    await expect(read(path)).rejects.toMatchObject({
      code: 'path-escape',
      message: expect.stringMatching(
        /^record\.txt: x_path: path-escape: "a\/b\/[xf]" is, or lies behind, a symbolic/,
      ),
    });
  });

  it.each<[string, string, () => void]>([
    ['has another name', 'hard-linked', () => linkSync(at('a/b/f'), join(base, 'outside/g'))],
    ['is a folder', 'not-regular', () => replaceByFolder(at('a/b/f'))],
    ['lies below a file', 'not-folder', () => replaceByFile(at('a/b'))],
  ])('a file is not read when it %s', async (_, code, change) => {
    change();
    await expect(read('a/b/f')).rejects.toMatchObject({ name: 'HeldFileError', code });
  });

  it('a file is found in the folder that is held, wherever that was moved', async () => {
    await held(async (place) => {
      renameSync(at(), join(base, 'moved'));
      symlinkSync('outside', at());
      writeFileSync(join(base, 'outside/f'), 'OUTSIDE');
      expect(await holdFile(place, 'x_path', 'f', (file) => file.bytes(100).toString())).toBe(TEXT);
      await holdFolderOf(place, 'x_path', 'a/b/f', async (folder, name) => {
        renameSync(join(base, 'moved/a'), join(base, 'moved/c'));
        const within = { path: 'manifest.txt', folder };
        expect(await checkFile(within, 'x', { path: name, sha256: SHA256 })).toMatchObject({
          sha256: SHA256,
        });
      });
    });
  });

  it('a file that is not what the document says of it is refused', async () => {
    const other = { path: 'a/b/f', sha256: '0'.repeat(64) };
    const good = { ...other, sha256: SHA256 };
    await held(async (place) => {
      expect(String(await readRecorded(place, 'x', good, { maxBytes: 7 }))).toBe(TEXT);
      await expect(readRecorded(place, 'x', good, { maxBytes: 6 })).rejects.toMatchObject({
        code: 'too-large',
      });
      await expect(checkFile(place, 'x', other)).rejects.toMatchObject({ code: 'mismatch' });
      await expect(
        readRecorded(place, 'x', other, { maxBytes: 7, code: 'edited-log' }),
      ).rejects.toMatchObject({ code: 'edited-log' });
    });
  });
});

function replaceByLink(path: string, to: string): void {
  rmSync(path, { recursive: true });
  symlinkSync(to, path);
}

function replaceByFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

function replaceByFile(path: string): void {
  rmSync(path, { recursive: true });
  writeFileSync(path, '');
}
