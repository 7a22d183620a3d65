// SPDX-License-Identifier: Apache-2.0
/** What `pnpm build` has Nx do, in a workspace that is thrown away, with an Nx that only notes that it was asked. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT } from './architecture/workspace.js';
import { writeStamp } from './release/built.mjs';

const PROJECTS = ['packages/a', 'packages/b', 'apps/c'];
let root: string;
const put = (file: string, text: string, mode = 0o644) => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text, { mode });
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latticra-build-'));
  for (const file of [
    'tools/build.mjs',
    'tools/link-bins.mjs',
    'tools/release/built.mjs',
    'tools/script/script.mjs',
    'tools/workspace-plugin/nx-env.mjs',
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(root, file));
  }
  put('package.json', '{"scripts":{}}');
  put('node_modules/.bin/nx', '#!/bin/sh\necho "$@" >>asked; echo "$NX_ISOLATE_PLUGINS" >plugins\n', 0o755);
  for (const project of PROJECTS) {
    put(`${project}/package.json`, project === 'apps/c' ? '{"bin":{"c":"dist/main.cjs"}}' : '{}');
    put(`${project}/src/index.ts`, project);
    put(`${project}/dist/main.cjs`, project);
    writeStamp(root, project);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

/** Builds, and returns what Nx was asked for. */
function build(): string[] {
  rmSync(join(root, 'asked'), { force: true });
  execFileSync(process.execPath, ['tools/build.mjs'], { cwd: root, stdio: 'pipe' });
  const asked = join(root, 'asked');
  return existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [];
}

it('nothing is built where every project is as it was built, and Nx is not even started', () => {
  expect(build()).toEqual([]);
  expect(readFileSync(join(root, 'node_modules/.bin/c'), 'utf8')).toBe('apps/c');
});

it('a test that changed has nothing built', () => {
  put('packages/a/src/index.test.ts', 'another test');
  expect(build()).toEqual([]);
});

it.each([
  ['a source', 'packages/a/src/index.ts'],
  ['what was built', 'packages/b/dist/main.cjs'],
  ['a manifest', 'apps/c/package.json'],
])('Nx is asked once for all where %s changed, and builds what its cache has not', (_, file) => {
  put(file, '{"bin":{}}');
  expect(build()).toEqual(['run-many -t build']);
});

it('Nx starts no processes for its plugins, which would take longer than they do', () => {
  put('packages/a/src/index.ts', 'another source');
  build();
  expect(readFileSync(join(root, 'plugins'), 'utf8')).toBe('false\n');
});
