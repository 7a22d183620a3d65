// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { testFolder } from '../../test/folder.js';
import { currentCommit, localBuildEnvironment } from './source-commit.js';

const folder = testFolder();
/** Git without anybody's settings. */
const ENV = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: folder.path,
    encoding: 'utf8',
    env: ENV,
  });

describe('currentCommit', () => {
  itWith(
    ['git'],
    'the current commit is the one that git says is checked out, also below the root',
    async () => {
      git('init', '-q');
      expect(await currentCommit(folder.path, ENV)).toBe('unknown');
      git('commit', '-q', '--allow-empty', '-m', 'x');
      folder.write('sub/file', '');
      const commit = git('rev-parse', 'HEAD').trim();
      expect(await currentCommit(folder.at('sub'), ENV)).toBe(commit);
      // A repository that the environment points to is not the one here.
      expect(await currentCommit('/', { ...ENV, GIT_DIR: folder.at('.git') })).toBe('unknown');
    },
  );

  it('the current commit is unknown where there is no repository, no git or no folder', async () => {
    expect(await currentCommit(folder.path, ENV)).toBe('unknown');
    expect(await currentCommit(folder.path, { PATH: folder.path })).toBe('unknown');
    expect(await currentCommit(folder.at('missing'), ENV)).toBe('unknown');
  });
});

describe('localBuildEnvironment', () => {
  it('the local build environment is a word that can stand in a document', () => {
    expect(localBuildEnvironment()).toMatch(/^local-[a-z0-9]+-[a-z0-9]+$/);
  });
});
