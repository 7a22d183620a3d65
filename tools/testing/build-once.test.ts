// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import setUp, { buildOnce } from './build-once.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-build-once-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Returns a build that writes how often it ran, and a look at what it wrote into a folder. */
function counting() {
  let builds = 0;
  const build = async (into: string) => {
    builds += 1;
    const text = String(builds);
    await new Promise((resolve) => setTimeout(resolve, 5));
    mkdirSync(join(into, 'dist'), { recursive: true });
    writeFileSync(join(into, 'dist/a'), text);
  };
  return { build, builds: () => builds };
}
const seen = (name: string) => readFileSync(join(folder, name, 'dist/a'), 'utf8');

it('a build of the same key is made once in a run, and copied', async () => {
  vi.stubEnv('LATTICRA_TEST_BUILDS', undefined);
  const tearDown = setUp();
  const shared = process.env.LATTICRA_TEST_BUILDS ?? '';
  setUp()();
  expect(existsSync(shared)).toBe(true);
  const { build, builds } = counting();
  await buildOnce('one', join(folder, 'a'), build);
  writeFileSync(join(folder, 'a/dist/a'), 'changed by a test');
  await buildOnce('one', join(folder, 'b'), build);
  expect([builds(), seen('b')]).toEqual([1, '1']);
  await buildOnce('two', join(folder, 'c'), build);
  expect([builds(), seen('c')]).toEqual([2, '2']);
  await Promise.all(['d', 'e'].map((name) => buildOnce('three', join(folder, name), build)));
  expect(seen('d')).toBe(seen('e'));
  tearDown();
  expect([existsSync(shared), process.env.LATTICRA_TEST_BUILDS]).toEqual([false, undefined]);
});

it('every build is made anew where no run of the suite keeps it', async () => {
  vi.stubEnv('LATTICRA_TEST_BUILDS', undefined);
  const { build, builds } = counting();
  for (const name of ['a', 'b']) await buildOnce('one', join(folder, name), build);
  expect(builds()).toBe(2);
});
