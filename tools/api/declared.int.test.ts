// SPDX-License-Identifier: Apache-2.0
/** What CI says of a change of an API, on a repository that is thrown away. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { undeclaredSince } from './since.mjs';

let root: string;
const lay = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const git = (...argv: string[]) => execFileSync('git', argv, { cwd: root, stdio: 'pipe' });
const commit = (what: string) => {
  git('add', '-A');
  git('commit', '-qm', what);
};
const manifest = (version: string) =>
  lay(
    'packages/thing/package.json',
    JSON.stringify({
      name: '@x/thing',
      version,
      exports: { '.': { '@latticra/source': './src/index.ts', default: './dist/index.js' } },
    }),
  );
/** What `pnpm api` would write for a library that exports these. */
const exports = (...lines: string[]) => lay('packages/thing/api.md', `${lines.join('\n')}\n`);
const changeset = (name: string, bump: string) =>
  lay(`.changeset/${name}.md`, `---\n'@x/thing': ${bump}\n---\n\nA thing.\n`);
/** Returns what CI finds undeclared. */
const check = () => {
  const report = readFileSync(join(root, 'packages/thing/api.md'), 'utf8');
  return undeclaredSince(root, [{ name: '@x/thing', folder: 'packages/thing', report }]).problems.join('\n');
};

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-declared-')));
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'nobody');
  git('config', 'user.email', 'nobody@localhost');
  git('commit', '-q', '--allow-empty', '-m', 'nothing');
  manifest('0.1.0');
  exports('const a: 1;', 'const b: 2;');
  changeset('first', 'minor');
  commit('the first');
  lay('README', 'A thing.');
  commit('the second');
});
beforeEach(() => {
  git('checkout', '-q', '--force', 'main');
  git('clean', '-qfd');
  git('checkout', '-q', '-B', 'work');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('an export that a branch takes away needs a minor of its own on 0.x, whatever was said before', () => {
  exports('const a: 1;');
  expect(check()).toBe(
    '@x/thing: its API lost or changed 1 lines, such as "const b: 2;", and nothing says so: add a changeset that says minor for it (pnpm exec changeset)',
  );
  changeset('taken', 'patch');
  expect(check()).toContain('and a patch says so: add a changeset that says minor');
  changeset('taken', 'minor');
  expect(check()).toBe('');
  commit('taken away');
  expect(check()).toBe('');
});

it('an export that a branch adds needs a patch at least, and on main the commit before is what counts', () => {
  exports('const a: 1;', 'const b: 2;', 'const c: 3;');
  commit('added');
  expect(check()).toContain('its API has more, such as "const c: 3;", and nothing says so');
  git('branch', '-f', 'main', 'work');
  expect(check()).toContain('nothing says so');
  changeset('added', 'patch');
  git('add', '-A');
  git('commit', '-q', '--amend', '-m', 'added');
  git('branch', '-f', 'main', 'work');
  expect(check()).toBe('');
});

it('once a version is released, everything since its tag counts, in changesets or in the version that they became', () => {
  rmSync(join(root, '.changeset'), { recursive: true });
  manifest('1.0.0');
  commit('one');
  git('tag', '@x/thing@0.9.0', 'HEAD^');
  git('tag', '@x/thing@1.0.0');
  exports('const a: 1;', 'const b: 4;');
  commit('changed');
  changeset('later', 'minor');
  commit('said too little');
  expect(check()).toContain('and a minor says so: add a changeset that says major');
  changeset('later', 'major');
  commit('said');
  lay('README', 'More.');
  commit('more');
  expect(check()).toBe('');
  rmSync(join(root, '.changeset'), { recursive: true });
  manifest('2.0.0');
  commit('raised');
  expect(check()).toBe('');
  git('tag', '@x/thing@2.0.0');
  manifest('2.0.1');
  exports('const a: 1;');
  commit('raised too little');
  expect(check()).toContain('and a patch says so');
});

it('a checkout without its history says that nothing was compared', () => {
  const shallow = join(root, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth', '1', `file://${root}`, shallow]);
  expect(undeclaredSince(shallow, [])).toEqual({
    unknown: 'the history is cut off: git fetch --unshallow --tags',
    problems: [],
  });
});
