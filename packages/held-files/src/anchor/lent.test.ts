// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LentFiles, lendFiles } from './lent.js';
import { openAnchor } from './open.js';
import type { ReadableFolder } from './types.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lent-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lay(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Opens a file of the folder beside the evidence. */
const from = (path: string) => () => {
  const folder = openAnchor(join(root, dirname(path)));
  try {
    return folder.openFile(path.slice(path.lastIndexOf('/') + 1));
  } finally {
    folder.close();
  }
};

/** Reads everything in a folder, by its path in it. */
function all(folder: ReadableFolder, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of folder.list().names) {
    const stats = folder.lstat(name);
    if (stats?.isDirectory() === true) {
      const inner = folder.openFolder(name, stats);
      Object.assign(found, all(inner, `${prefix}${String(name)}/`));
      inner.close();
      continue;
    }
    const file = folder.openFile(name, stats);
    found[prefix + String(name)] = file.bytes(100).toString();
    file.close();
  }
  return found;
}

function lent<T>(files: LentFiles, use: (folder: ReadableFolder) => T): T {
  const folder = lendFiles(openAnchor(join(root, 'evidence'), { label: '.' }), files);
  try {
    return use(folder);
  } finally {
    folder.close();
  }
}

describe('a folder with files that lie elsewhere', () => {
  it('it has its own files and the lent ones, also where none but lent ones make a folder', () => {
    lay('evidence/one/record.txt', 'record');
    lay('os.iso', 'image');
    const files = new Map([
      ['one/os.iso', from('os.iso')],
      ['two/deep/os.iso', from('os.iso')],
    ]);
    expect(lent(files, all)).toEqual({
      'one/record.txt': 'record',
      'one/os.iso': 'image',
      'two/deep/os.iso': 'image',
    });
  });

  it('a file that lies where a lent one is to be is refused, however it is asked for', () => {
    lay('evidence/os.iso', 'another');
    lay('os.iso', 'image');
    const files = new Map([['os.iso', from('os.iso')]]);
    expect(() => lent(files, (folder) => folder.list())).toThrow(
      /os\.iso: lies here, and is to lie elsewhere/,
    );
    expect(() => lent(files, (folder) => folder.lstat('os.iso'))).toThrow(/lies here/);
    expect(lent(files, (folder) => folder.openFile('os.iso').bytes(100).toString())).toBe('image');
  });

  it('what is not there is not found, and a file that was replaced is told from the one that was seen', () => {
    lay('evidence/a', 'a');
    lay('os.iso', 'image');
    const files = new Map([['two/os.iso', from('os.iso')]]);
    lent(files, (folder) => {
      const two = folder.openFolder('two');
      expect(() => two.openFile('b')).toThrow(expect.objectContaining({ code: 'not-found' }));
      expect(() => two.openFolder('b')).toThrow(expect.objectContaining({ code: 'not-found' }));
      expect(two.lstat('b')).toBeUndefined();
      expect(() => two.openFile('os.iso', { dev: 0n, ino: 0n })).toThrow(
        expect.objectContaining({ code: 'changed' }),
      );
      two.close();
    });
  });

  it.each(['../os.iso', '/os.iso', 'a//b', 'a/./b', ''])('the path %j is none below a folder', (path) => {
    lay('evidence/a', 'a');
    expect(() => lent(new Map([[path, from('os.iso')]]), all)).toThrow(
      expect.objectContaining({ code: 'unsafe-name' }),
    );
  });

  it('wherever the files of a folder lie, it reads the same', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'é', 'Z');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(fc.array(fc.tuple(path, fc.boolean()), { maxLength: 8 }), (drawn) => {
        const paths = [...new Map(drawn)].filter(
          ([one]) => !drawn.some(([other]) => other.startsWith(`${one}/`)),
        );
        rmSync(root, { recursive: true });
        mkdirSync(join(root, 'evidence'), { recursive: true });
        for (const [each, isLent] of paths) lay(`${isLent ? 'elsewhere' : 'evidence'}/${each}`, each);
        const files = new Map(
          paths.flatMap(([each, isLent]) => (isLent ? [[each, from(`elsewhere/${each}`)] as const] : [])),
        );
        expect(lent(files, all)).toEqual(Object.fromEntries(paths.map(([each]) => [each, each])));
      }),
      { numRuns: 60 },
    );
  });
});
