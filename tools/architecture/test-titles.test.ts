// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSource, parseText } from './syntax.js';
import { standsAlone, titlesIn } from './test-titles.js';
import { ROOT, readProjects } from './workspace.js';

/** Lists the test files below a folder, relative to the root. */
function testsBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|dist)$/.test(entry.name) ? [] : testsBelow(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

describe('test titles', () => {
  const folders = [...readProjects().map(({ folder }) => folder), 'tools'];

  it.each(folders)('every test title in %s is a sentence of its own', (folder) => {
    const offenders = testsBelow(folder).flatMap((file) =>
      titlesIn(parseSource(file))
        .filter(({ text }) => !standsAlone(text))
        .map(({ line, text }) => `${file}:${line} ${text}`),
    );
    expect(offenders).toEqual([]);
  });
});

describe('titlesIn', () => {
  it('the titles of every way to declare a test are found', () => {
    const text = `
      it('a', () => {});
      it.each(['x'])('b %s', () => {});
      it.skipIf(process.platform === 'win32')(\`c \${d} e\`, () => {});
      itWith(['qemu'], 'f', () => {});
      it(name, () => {});
      describe('g', () => it.concurrent("h", () => {}));
      /x/.test('i');
      test.result('j');`;
    expect(titlesIn(parseText('a.test.ts', text))).toEqual([
      { line: 2, text: 'a' },
      { line: 3, text: 'b %s' },
      { line: 4, text: 'c %s e' },
      { line: 5, text: 'f' },
      { line: 7, text: 'h' },
    ]);
  });
});

describe('standsAlone', () => {
  it.each([
    'a file is read',
    'the path %s becomes %s',
    'no file is left',
    'quotes, words and dashes are kept',
    'names of files differ',
    'read errors are reported',
  ])('the title %j stands alone', (title) => {
    expect(standsAlone(title)).toBe(true);
  });

  it.each([
    'refuses %s',
    'and not %s',
    'is not made twice',
    'names the file',
    'read the same file',
    '%s',
    '$title: $reason',
    'with a file, nothing',
  ])('the title %j does not stand alone', (title) => {
    expect(standsAlone(title)).toBe(false);
  });
});
