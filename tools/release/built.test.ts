// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyNotBuilt, writeStamp } from './built.mjs';

const PROJECT = 'packages/a';
let root: string;
const put = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'built-'));
  put('tsup.config.ts', 'configuration');
  put('packages/a/package.json', '{}');
  put('packages/a/src/a.ts', 'source');
  put('packages/a/src/a.test.ts', 'test');
  put('packages/b/src/b.ts', 'of another project');
  put('packages/a/dist/a.js', 'bundle');
  // As esbuild accounts for it: paths from the project, some in a plugin's namespace.
  put(
    'build/metafiles/packages/a.json',
    JSON.stringify({
      inputs: { 'src/a.ts': {} },
      outputs: { 'dist/a.js': { inputs: { [`latticra-bundle:${join(root, 'packages/b/src/b.ts')}`]: {} } } },
    }),
  );
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a project that is packed', () => {
  it('a project is packed as it was built, whatever its tests say', () => {
    writeStamp(root, PROJECT);
    put('packages/a/src/a.test.ts', 'another test');
    expect(whyNotBuilt(root, PROJECT)).toBeUndefined();
  });

  it.each([
    ['a source that is another', 'packages/a/src/a.ts'],
    ['a source of another project in its bundle that is another', 'packages/b/src/b.ts'],
    ['a source that is new', 'packages/a/src/types.ts'],
    ['a manifest that is another', 'packages/a/package.json'],
    ['a configuration that is another', 'tsup.config.ts'],
    ['a tool of the build that is new', 'tools/notices/notices.mjs'],
  ])('%s makes what was built old', (_, file) => {
    writeStamp(root, PROJECT);
    put(file, 'changed');
    expect(whyNotBuilt(root, PROJECT)).toBe(
      `${file}: is not what packages/a/dist was built from: run pnpm build, then pack it again`,
    );
  });

  it('what was read for one project is not read again for the next, and what was written is', () => {
    const known = new Map<string, string>();
    writeStamp(root, PROJECT, known);
    put('packages/b/src/b.ts', 'changed while others were built');
    put('packages/a/dist/a.js', 'built again');
    writeStamp(root, PROJECT, known);
    expect(whyNotBuilt(root, PROJECT)).toMatch(/^packages\/b\/src\/b\.ts: is not what/);
    put('packages/b/src/b.ts', 'of another project');
    expect(whyNotBuilt(root, PROJECT)).toBeUndefined();
  });

  it('a source that is gone makes what was built old', () => {
    writeStamp(root, PROJECT);
    rmSync(join(root, 'packages/a/src/a.ts'));
    expect(whyNotBuilt(root, PROJECT)).toMatch(/^packages\/a\/src\/a\.ts: is not what/);
  });

  it('a bundle that was altered, lost or joined is refused', () => {
    for (const change of [
      () => put('packages/a/dist/a.js', 'altered'),
      () => rmSync(join(root, 'packages/a/dist/a.js')),
      () => put('packages/a/dist/b.js', 'more'),
    ]) {
      put('packages/a/dist/a.js', 'bundle');
      writeStamp(root, PROJECT);
      change();
      expect(whyNotBuilt(root, PROJECT)).toMatch(/^packages\/a\/dist\/[ab]\.js: is not as it was built/);
    }
  });

  it('a project that was not built is refused, and one that was built by hand', () => {
    expect(whyNotBuilt(root, PROJECT)).toBe(
      'packages/a/dist: was not built by pnpm build: run pnpm build, then pack it again',
    );
    rmSync(join(root, 'packages/a/dist'), { recursive: true });
    expect(whyNotBuilt(root, PROJECT)).toMatch(/^packages\/a\/dist: is not there/);
  });
});
