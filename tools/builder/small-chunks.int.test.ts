// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallChunksPlugin } from './small-chunks.js';

const LARGE = `export const large = '${'x'.repeat(10_000)}';`;
const SOURCES = {
  'a.ts': `export { p } from './p.js'; export { q } from './q.js';`,
  'b.ts': `export { p } from './p.js'; export { large } from './large.js';`,
  'c.ts': `export { q } from './q.js'; export { large } from './large.js';`,
  'p.ts': `export const p = ['p'];`,
  'q.ts': `export const q = ['q'];`,
  'large.ts': LARGE,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-small-chunks-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "sideEffects": false }');
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, 'src', name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Builds the three entries, and returns the chunks that are no entries, by what is in them. */
async function chunksWith(name: string, plugins: Plugin[]) {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: Object.fromEntries(['a', 'b', 'c'].map((entry) => [entry, `src/${entry}.ts`])),
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: name,
    metafile: true,
    plugins,
  });
  return Object.values(metafile.outputs)
    .filter(({ entryPoint }) => entryPoint === undefined)
    .map(({ inputs }) => Object.keys(inputs).sort().join(' '))
    .sort();
}

it('what is small and shared is one chunk, and what is large stays in its own', async () => {
  expect(await chunksWith('plain', [])).toEqual(['src/large.ts', 'src/p.ts', 'src/q.ts']);
  expect(await chunksWith('merged', [smallChunksPlugin([])])).toEqual(['src/large.ts', 'src/p.ts src/q.ts']);
});

it('an entry exports what it did, and shares it with the others', async () => {
  await chunksWith('merged', [smallChunksPlugin([])]);
  const load = (entry: string) => import(pathToFileURL(join(folder, 'merged', `${entry}.js`)).href);
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(load));
  expect([a, b, c].map((entry) => Object.keys(entry))).toEqual([
    ['p', 'q'],
    ['large', 'p'],
    ['large', 'q'],
  ]);
  expect(a.p).toBe(b.p);
  expect(a.q).toBe(c.q);
});
