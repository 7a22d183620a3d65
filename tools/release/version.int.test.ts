// SPDX-License-Identifier: Apache-2.0
/** The version step, and what CI says of changesets, on a workspace that is thrown away. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT } from '../architecture/workspace.js';

let root: string;

function write(file: string, content: string | object): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const versionOf = (folder: string): string => JSON.parse(read(`${folder}/package.json`)).version;
const git = (...argv: string[]) => execFileSync('git', argv, { cwd: root, stdio: 'pipe' });
const changeset = (file: string, releases: Record<string, string>, text: string) =>
  write(
    `.changeset/${file}.md`,
    `---\n${Object.entries(releases)
      .map(([name, type]) => `'${name}': ${type}\n`)
      .join('')}---\n\n${text}\n`,
  );

/** Runs a script of the release on the workspace. */
function run(script: string) {
  const file = join(ROOT, 'tools/release', script);
  const env = { ...process.env, NX_DAEMON: 'false' };
  return spawnSync(process.execPath, [file, '--root', root], { cwd: root, encoding: 'utf8', env });
}

/** Commits, and tags every project's version, as a release does. */
function release(): void {
  git('add', '-A');
  git('commit', '-qm', 'a release');
  for (const folder of ['packages/leaf', 'packages/middle', 'apps/top'])
    git('tag', `${JSON.parse(read(`${folder}/package.json`)).name}@${versionOf(folder)}`);
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'release-')));
  write('package.json', { name: 'thrown-away', private: true, version: '0.0.0' });
  write('pnpm-workspace.yaml', 'packages:\n  - packages/*\n  - apps/*\n');
  write('pnpm-lock.yaml', "lockfileVersion: '9.0'\n");
  write('nx.json', { analytics: false, neverConnectToCloud: true, useDaemonProcess: false });
  write('.gitignore', '/.nx/\nnode_modules\n');
  write('.changeset/config.json', {
    baseBranch: 'main',
    access: 'public',
    changelog: '@changesets/cli/changelog',
  });
  write('packages/leaf/package.json', { name: '@x/leaf', version: '0.1.0' });
  write('packages/leaf/src/index.ts', 'export const leaf = 1;\n');
  // The library of the middle has its leaf installed beside it; the app has both inside.
  write('packages/middle/package.json', {
    name: '@x/middle',
    version: '0.1.0',
    dependencies: { '@x/leaf': 'workspace:^' },
  });
  write('packages/middle/src/index.ts', "export { leaf } from '@x/leaf';\n");
  write('apps/top/package.json', {
    name: 'top',
    version: '0.1.0',
    devDependencies: { '@x/middle': 'workspace:^' },
  });
  write('apps/top/src/main.ts', "import { leaf } from '@x/middle';\nconsole.log(leaf);\n");
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  git('init', '-q', '-b', 'main');
  for (const [key, value] of [
    ['user.name', 'nobody'],
    ['user.email', 'nobody@localhost'],
  ] as const)
    git('config', key, value);
  release();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('a fix in a leaf raises the app that carries it through another library, and not the library that it is installed beside', () => {
  changeset('fix', { '@x/leaf': 'patch' }, 'A leaf is one.');
  const { status, stderr } = run('version.mjs');
  expect(status, stderr).toBe(0);
  expect(['packages/leaf', 'packages/middle', 'apps/top'].map(versionOf)).toEqual([
    '0.1.1',
    '0.1.0',
    '0.1.1',
  ]);
  expect(read('packages/leaf/CHANGELOG.md')).toContain('A leaf is one.');
  expect(read('apps/top/CHANGELOG.md')).toContain('Carries what is new in `@x/leaf`.');
  expect(run('check.mjs').status).toBe(0);
}, 120_000);

it('versions that were raised without the version step are refused, and the next step raises what stayed behind', () => {
  changeset('fix', { '@x/leaf': 'patch' }, 'A leaf is one.');
  execFileSync(process.execPath, [join(ROOT, 'node_modules/@changesets/cli/bin.js'), 'version'], {
    cwd: root,
  });
  expect(versionOf('apps/top')).toBe('0.1.0');
  git('add', '-A');
  git('commit', '-qm', 'raised by hand');
  const checked = run('check.mjs');
  expect(checked.status).toBe(1);
  expect(checked.stderr).toContain(
    'top@0.1.0: was released before @x/leaf, which it carries: run pnpm release:version\n',
  );
  expect(run('version.mjs').status).toBe(0);
  expect(versionOf('apps/top')).toBe('0.1.1');
}, 120_000);

it('a changeset that says none for what carries its library is refused, and nothing is raised', () => {
  changeset('fix', { '@x/leaf': 'minor', top: 'none' }, 'A leaf is one.');
  for (const script of ['check.mjs', 'version.mjs']) {
    const { status, stderr } = run(script);
    expect(status).toBe(1);
    expect(stderr).toContain('.changeset/fix.md: says none for top, which carries @x/leaf');
  }
  expect(versionOf('packages/leaf')).toBe('0.1.0');
}, 120_000);

it('no changeset of this workspace leaves a package behind', async () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'tools/release/check.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  expect(status, stderr).toBe(0);
}, 180_000);
