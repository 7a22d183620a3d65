// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { testFolder } from '../../test/folder.js';
import { checkSourceTag, recordedSource, tagAtHead } from './source-tag.js';

const folder = testFolder();
const ENV = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: folder.path,
    encoding: 'utf8',
    env: ENV,
  }).trim();
const OTHER = 'f'.repeat(40);

describe('tagAtHead', () => {
  itWith(
    ['git'],
    'the one annotated tag of the commit at hand is its tag, of two or none there is none',
    async () => {
      const tag = () => tagAtHead(folder.path, ENV);
      expect(await tag()).toBeUndefined();
      git('init', '-q');
      expect(await tag()).toBeUndefined();
      git('commit', '-q', '--allow-empty', '-m', 'one');
      git('tag', 'light');
      expect(await tag()).toBeUndefined();
      git('tag', '-a', 'deep/v1.0', '-m', 'x');
      expect(await tag()).toBe('deep/v1.0');
      // A branch of the same name makes git write more than the name where it is short.
      git('branch', 'deep/v1.0');
      expect(await tag()).toBe('deep/v1.0');
      git('tag', '-a', 'v1.1', '-m', 'x', 'HEAD');
      expect(await tag()).toBeUndefined();
      git('commit', '-q', '--allow-empty', '-m', 'two');
      expect(await tag()).toBeUndefined();
      expect(await tagAtHead(folder.path, { PATH: '' })).toBeUndefined();
    },
  );
});

describe('recordedSource', () => {
  itWith(
    ['git'],
    'a tag that stands for the commit is recorded with its object, any other refused',
    async () => {
      git('init', '-q');
      git('commit', '-q', '--allow-empty', '-m', 'one');
      const one = git('rev-parse', 'HEAD');
      git('tag', 'light');
      git('tag', '-a', 'deep/annotated', '-m', 'x');
      git('commit', '-q', '--allow-empty', '-m', 'two');
      const two = git('rev-parse', 'HEAD');
      git('branch', 'only-a-branch');
      const source = (commit: string | undefined, tag: string) =>
        recordedSource({ commit, tag }, folder.path, ENV);
      expect(await source(one, 'light')).toEqual({
        sourceCommit: one,
        sourceTag: 'light',
        sourceTagObject: one,
      });
      const object = git('rev-parse', 'refs/tags/deep/annotated');
      expect(object).not.toBe(one);
      expect(await source(one, 'deep/annotated')).toMatchObject({ sourceTagObject: object });
      expect(await source(undefined, 'none')).toMatchObject({ sourceCommit: two, sourceTagObject: 'none' });
      const refused = (commit: string | undefined, tag: string, message: string) =>
        expect(source(commit, tag)).rejects.toThrow(
          expect.objectContaining({
            code: 'source',
            kind: 'data',
            message: expect.stringContaining(message),
            fix: expect.stringMatching(/\w/),
          }),
        );
      await refused(undefined, 'light', `the tag light stands for ${one}, but the source is ${two}`);
      await refused('unknown', 'light', 'but the source is unknown');
      await refused(OTHER, 'light', `but the source is ${OTHER}`);
      await refused(one, 'missing', 'has no tag missing');
      await refused(one, 'only-a-branch', 'has no tag only-a-branch');
      await refused(one, 'light^{commit}', 'is no name of a tag');
      await refused(one, '../heads/only-a-branch', 'is no name of a tag');
      await refused(one, '-d', 'is no name of a tag');
      await refused(one.slice(0, 12), 'none', 'expected 40 or 64 lower-case hexadecimal digits or unknown');
      // The folder lies in a repository, but in none that has to do with the source.
      expect(await source(OTHER, 'v9')).toMatchObject({ sourceTag: 'v9', sourceTagObject: 'unknown' });
      const blob = git('hash-object', '-w', '/dev/null');
      git('tag', 'of-a-blob', blob);
      await refused(one, 'of-a-blob', 'stands for no commit');
    },
  );

  it('the object of a tag is unknown where no repository is at hand', async () => {
    expect(await recordedSource({ commit: OTHER, tag: 'v1' }, folder.path, { PATH: '' })).toEqual({
      sourceCommit: OTHER,
      sourceTag: 'v1',
      sourceTagObject: 'unknown',
    });
  });
});

describe('checkSourceTag', () => {
  itWith(
    ['git'],
    'a tag of a record is verified where it still is what it was, and refused where it was moved',
    async () => {
      git('init', '-q');
      git('commit', '-q', '--allow-empty', '-m', 'one');
      git('tag', '-a', 'v1', '-m', 'x');
      const source = await recordedSource({ commit: undefined, tag: 'v1' }, folder.path, ENV);
      const check = (changes: Partial<typeof source> = {}) =>
        checkSourceTag({ ...source, ...changes }, folder.path, ENV);
      expect(await check()).toBe('verified');
      expect(await check({ sourceTagObject: 'unknown' })).toBe('verified');
      expect(await check({ sourceTag: 'none', sourceTagObject: 'none' })).toBe('none');
      expect(await check({ sourceTag: 'v2' })).toBe('unknown');
      await expect(check({ sourceCommit: OTHER })).rejects.toThrow(/but the record says f{40}/);
      git('tag', '-f', '-a', 'v1', '-m', 'the same commit, another object');
      await expect(check()).rejects.toMatchObject({
        code: 'source',
        message: expect.stringContaining(source.sourceTagObject),
      });
      expect(await checkSourceTag(source, folder.path, { PATH: '' })).toBe('unknown');
    },
  );
});
