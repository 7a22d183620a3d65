// SPDX-License-Identifier: Apache-2.0
/** Tests of the order of system calls, and of what somebody else may do in between. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { testFolder } from '../test/folder.js';
import {
  copyAndSum,
  measureFile,
  readStableFile,
  stageFolder,
  withStableFile,
  writeFileAtomic,
} from './index.js';
import { HEAD_BYTES } from './measurement.js';

/**
 * Hooks that are told of each call of `node:fs/promises`, and of `statSync`, once it is done, and that decide what the disk takes of a
 * write.
 */
const calls = vi.hoisted(() => ({
  done: (_call: string, _path: string) => {},
  /** Returns how many bytes one write takes of those that it was given. */
  taken: (length: number) => length,
}));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const writeSync = (fd: number, bytes: Uint8Array, at: number, length: number, position: number) =>
    fs.writeSync(fd, bytes, at, calls.taken(length), position);
  const statSync = (path: string, options: { bigint: true }) => {
    const stats = fs.statSync(path, options);
    calls.done('stat', path);
    return stats;
  };
  return { ...fs, writeSync, statSync };
});
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
    const [sync, write] = [handle.sync.bind(handle), handle.write.bind(handle)];
    return Object.assign(handle, {
      sync: () => sync().then(() => calls.done('sync', String(path))),
      write: async (bytes: Uint8Array, at: number, length: number, position: number) =>
        write(bytes, at, calls.taken(length), position),
    });
  };
  return { ...fs, open, rename: told('rename', fs.rename) };
});

const folder = testFolder();
afterEach(() => {
  calls.done = () => {};
  calls.taken = (length) => length;
});

describe('a staged folder', () => {
  it('a staged folder has all its folders synced before it gets its name, and its parent after', async () => {
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
  /** Gives a writer to whoever waits for one: a test that failed must not hang on. */
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
      `a file that becomes a FIFO after it was looked at is not waited for when it is ${name}`,
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

describe('a disk that takes a part of each write', () => {
  it('a disk that takes a part of a write gets the rest of it in the right place', async () => {
    const bytes = randomBytes(100_000);
    writeFileSync(folder.at('a'), bytes);
    calls.taken = (length) => Math.min(length, 30_000);
    await copyAndSum(folder.at('a'), folder.at('copied'));
    await writeFileAtomic(folder.at('written'), [bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
    for (const name of ['copied', 'written']) {
      expect(Buffer.compare(readFileSync(folder.at(name)), bytes), name).toBe(0);
    }
  });

  it('a disk that takes nothing of a write is told as the disk that is full', async () => {
    writeFileSync(folder.at('a'), 'content');
    calls.taken = () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    const full = (name: string) => ({
      code: 'io',
      message: `${folder.at(name)}: no space left on the device (ENOSPC)`,
    });
    await expect(copyAndSum(folder.at('a'), folder.at('copied'))).rejects.toMatchObject(full('copied'));
    await expect(writeFileAtomic(folder.at('written'), 'content')).rejects.toMatchObject(full('written'));
  });
});

it('the head of what comes in pieces is as long as that of what comes whole', async () => {
  const bytes = randomBytes(2 * HEAD_BYTES);
  const pieces = [0, 1, 2, 3].map((part) => bytes.subarray(part * 40_000, (part + 1) * 40_000));
  const { head } = await writeFileAtomic(folder.at('a'), pieces);
  expect(Buffer.compare(head, bytes.subarray(0, HEAD_BYTES))).toBe(0);
});
