// SPDX-License-Identifier: Apache-2.0
/** What is refused before anything is packed or published. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/workspace.js';
import { writeStamp } from './built.mjs';
import { releaseSteps } from './steps.mjs';

let root: string;
const put = (file: string, text: string) => writeFileSync(join(root, file), text);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'steps-'));
  for (const folder of ['.changeset', 'tools', 'packages/a/src', 'packages/a/dist'])
    mkdirSync(join(root, folder), { recursive: true });
  cpSync(join(ROOT, 'tools/release'), join(root, 'tools/release'), { recursive: true });
  put('package.json', JSON.stringify({ repository: 'https://host.example/owner/name' }));
  put(
    'packages/a/package.json',
    JSON.stringify({
      name: 'a',
      version: '1.0.0',
      files: ['dist'],
      scripts: { prepack: 'node ../../tools/release/prepack.mjs' },
      dependencies: { b: 'workspace:^' },
    }),
  );
  put('packages/a/src/a.ts', 'source');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('pnpm release', () => {
  const git = (...argv: string[]) => execFileSync('git', argv, { cwd: root, stdio: 'pipe' });
  beforeEach(() => {
    git('init', '-q');
    git('add', '-A');
    git('-c', 'user.name=x', '-c', 'user.email=x@localhost', 'commit', '-qm', 'all');
  });

  /** Runs the steps up to the first that runs a program of the workspace. */
  const begin = () => {
    for (const [what, action] of releaseSteps(root, { env: {} })) {
      if (what.startsWith('what lies beside')) return;
      action();
    }
  };

  it('a clean tree with an address, and no changeset left, may go on', () => {
    expect(begin).not.toThrow();
  });

  it.each([
    ['an unknown address', 'package.json', '{}', 'package.json: does not say where the repository is'],
    ['a file that is not committed', 'tools/x.mjs', '', 'tools/x.mjs: is not committed'],
  ])('%s is refused', (_, file, text, reason) => {
    put(file, text);
    expect(begin).toThrow(reason);
  });

  it('a changeset that is in no version is refused', () => {
    put('.changeset/fix.md', "---\n'a': patch\n---\n\nA fix.\n");
    git('add', '-A');
    git('-c', 'user.name=x', '-c', 'user.email=x@localhost', 'commit', '-qm', 'more');
    expect(begin).toThrow('.changeset/fix.md: is in no version yet: run pnpm release:version');
  });

  it('publishing is last, after packing was checked and the tests passed', () => {
    const steps = releaseSteps(root, { env: {} }).map(([what]) => what);
    expect(steps.at(-1)).toMatch(/published/);
    expect(steps).toEqual(
      expect.arrayContaining(['every package is good to publish', 'the whole suite passes']),
    );
  });
});

describe('packing', () => {
  /** Runs what runs before a project is packed. */
  const prepack = (agent: string) =>
    spawnSync(process.execPath, ['../../tools/release/prepack.mjs'], {
      cwd: join(root, 'packages/a'),
      encoding: 'utf8',
      env: { ...process.env, npm_config_user_agent: agent },
    });

  it('a project that was built is packed by pnpm', () => {
    writeStamp(root, 'packages/a');
    expect(prepack('pnpm/10.34.8 npm/? node/v20.20.2 linux x64')).toMatchObject({ status: 0, stderr: '' });
    put('packages/a/src/a.ts', 'changed');
    expect(prepack('pnpm/10.34.8 npm/?')).toMatchObject({
      status: 1,
      stderr:
        'packages/a/src/a.ts: is not what packages/a/dist was built from: run pnpm build, then pack it again\n',
    });
  });

  it('npm itself packs nothing, since it leaves workspace ranges in', () => {
    writeStamp(root, 'packages/a');
    const { npm_config_user_agent: _, ...env } = process.env;
    const packed = spawnSync('npm', ['pack'], { cwd: join(root, 'packages/a'), encoding: 'utf8', env });
    expect(packed.status).not.toBe(0);
    expect(packed.stderr).toMatch(
      /packages\/a: is packed by npm\/\S+, which leaves "workspace:\^" in it: use pnpm pack/,
    );
  });
});
