// SPDX-License-Identifier: Apache-2.0
/** What these functions do in which order, and what somebody else may do in between. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { testFolder } from '../test/folder.js';
import { measureFile, readStableFile, stageFolder, withStableFile } from './index.js';

/** Told of each call of `node:fs/promises` as soon as it has its result. */
const calls = vi.hoisted(() => ({ done: (_call: string, _path: string) => {} }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs/promises')>();
  const told =
    <Rest extends unknown[], T>(call: string, work: (path: string, ...rest: Rest) => Promise<T>) =>
    async (path: string, ...rest: Rest) => {
      const result = await work(path, ...rest);
      calls.done(call, path);
      return result;
    };
  const open: typeof fs.open = async (path, ...rest) => {
    const handle = await fs.open(path, ...rest);
    const sync = handle.sync.bind(handle);
    return Object.assign(handle, { sync: () => sync().then(() => calls.done('sync', String(path))) });
  };
  return { ...fs, open, stat: told('stat', fs.stat), rename: told('rename', fs.rename) };
});

const folder = testFolder();
afterEach(() => {
  calls.done = () => {};
});

describe('a staged folder', () => {
  it('has all its folders synced before it gets its name, and its parent after', async () => {
    const target = folder.at('bundle');
    const done: string[] = [];
    await stageFolder(target, async (staging) => {
      mkdirSync(`${staging}/a/b`, { recursive: true });
      mkdirSync(`${staging}/c`);
      writeFileSync(`${staging}/c/file`, '');
      const names = new Map([
        [staging, 'staging'],
        [folder.path, 'parent'],
      ]);
      calls.done = (call, path) => done.push(`${call} ${names.get(path) ?? relative(staging, path)}`);
    });
    expect(done.slice(-2)).toEqual(['rename staging', 'sync parent']);
    expect(done.slice(0, -2).sort()).toEqual(['sync a', 'sync a/b', 'sync c', 'sync staging']);
  });
});

describe('a file that becomes a FIFO after it was looked at', () => {
  /** Whoever waits for a writer has one now: a test that failed must not hang on. */
  const release = () => {
    try {
      closeSync(openSync(folder.at('a'), constants.O_RDWR | constants.O_NONBLOCK));
    } catch {
      // There is nothing of that name.
    }
  };
  afterEach(release);

  for (const [name, read] of [
    ['measured', () => measureFile(folder.at('a'))],
    ['read', () => readStableFile(folder.at('a'), { maxBytes: 10 })],
    ['held', () => withStableFile(folder.at('a'), () => undefined)],
  ] as const) {
    itWith(
      ['mkfifo'],
      `is refused, and not waited for, when it is ${name}`,
      async () => {
        writeFileSync(folder.at('a'), 'content');
        calls.done = () => {
          calls.done = () => {};
          rmSync(folder.at('a'));
          execFileSync('mkfifo', [folder.at('a')]);
        };
        await expect(read()).rejects.toMatchObject({
          code: 'not-regular',
          message: `${folder.at('a')}: is a FIFO, expected a regular file`,
        });
      },
      20_000,
    );
  }
});
