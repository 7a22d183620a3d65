// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledPackages, formatNotices } from './notices.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notices-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lays files out below `node_modules`. */
function lay(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, 'node_modules', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const manifest = (name: string, license?: string) => JSON.stringify({ name, version: '1.2.3', license });
/** A bundle of these files below `node_modules`, and one of ours. */
const bundleOf = (...files: string[]) => ({
  outputs: {
    'dist/main.cjs': {
      inputs: Object.fromEntries(
        ['src/main.ts', ...files.map((file) => `node_modules/${file}`)].map((file) => [
          file,
          { bytesInOutput: 7 },
        ]),
      ),
    },
  },
});

describe('the packages of a bundle', () => {
  it('the packages of a bundle are those of which code is in it, once each, by name', () => {
    lay({
      'b/package.json': manifest('b', 'MIT'),
      'b/LICENSE.md': 'text of b\r\n',
      'b/dist/package.json': '{"type":"module"}',
      '@s/a/package.json': manifest('@s/a', 'Apache-2.0'),
      '@s/a/COPYING': 'text of a',
      '@s/a/NOTICE': 'notice of a',
      '@s/a/README.md': 'no license',
      'unused/package.json': manifest('unused', 'GPL-3.0-only'),
    });
    const metafile = bundleOf('b/dist/x.mjs', 'b/dist/y.wasm', '@s/a/index.js');
    metafile.outputs['dist/main.cjs'].inputs['node_modules/unused/index.js'] = { bytesInOutput: 0 };
    expect(bundledPackages(metafile, folder)).toEqual([
      { name: '@s/a', version: '1.2.3', license: 'Apache-2.0', texts: ['text of a', 'notice of a'] },
      { name: 'b', version: '1.2.3', license: 'MIT', texts: ['text of b'] },
    ]);
    expect(bundledPackages(bundleOf(), folder)).toEqual([]);
  });

  it('a package in the public domain needs no text, and the notices say what it is', () => {
    lay({ 'a/package.json': manifest('a', 'CC0-1.0') });
    const [{ texts } = { texts: [] }] = bundledPackages(bundleOf('a/index.js'), folder);
    expect(texts).toEqual([expect.stringContaining('publicdomain/zero/1.0')]);
  });

  it.each([
    [
      'a license that nobody looked at',
      { 'a/package.json': manifest('a', 'GPL-3.0-only'), 'a/LICENSE': 'x' },
    ],
    ['no license', { 'a/package.json': manifest('a'), 'a/LICENSE': 'x' }],
    ['no text', { 'a/package.json': manifest('a', 'MIT') }],
    ['an empty text', { 'a/package.json': manifest('a', 'MIT'), 'a/LICENSE': ' \n' }],
    ['no package', { 'a/index.js': '' }],
  ])('a bundled package with %s is refused', (_, files) => {
    lay(files);
    expect(() => bundledPackages(bundleOf('a/index.js'), folder)).toThrow(
      /which tools\/notices does not allow|has no text of its license|is in no package/,
    );
  });
});

describe('the notices', () => {
  it('the notices name each package with its license, and give the text', () => {
    const one = { name: 'b', version: '1.2.3', license: 'MIT', texts: ['text of b', 'notice'] };
    expect(formatNotices('@latticra/x', [one])).toBe(
      `Third-party notices of @latticra/x\n\nCode of the packages below is in it, each under its own license.\n\n${'='.repeat(80)}\nb 1.2.3 (MIT)\n${'='.repeat(80)}\n\ntext of b\n\nnotice\n`,
    );
  });

  it('the notices of a bundle without code of others say so', () => {
    expect(formatNotices('@latticra/x', [])).toBe(
      'Third-party notices of @latticra/x\n\nNo code of others is in it.\n',
    );
  });
});
