// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { testFolder } from '../test/folder.js';
import { copyAndSum, createNewFile, writeFileAtomic } from './index.js';

/** What a disk takes of so many bytes. */
const disk = vi.hoisted(() => ({ taken: (length: number) => length }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  return {
    ...fs,
    writeSync: (fd: number, bytes: Uint8Array, from: number, length: number, at: number) =>
      fs.writeSync(fd, bytes, from, disk.taken(length), at),
  };
});
const folder = testFolder();
const content = Buffer.from('some content');

/** Writes the same content in each way that is not of a package's own. */
const WAYS: readonly [string, (path: string) => Promise<unknown>][] = [
  [
    'a new file',
    async (path) => {
      const file = await createNewFile(path);
      try {
        file.write(content, 0);
        await file.finish(content.length);
      } finally {
        await file.close();
      }
    },
  ],
  [
    'a copy',
    (path) => {
      writeFileSync(folder.at('source'), content);
      return copyAndSum(folder.at('source'), path);
    },
  ],
  ['a file that appears whole', (path) => writeFileAtomic(path, [content])],
];

/** Shortens the writes of a FileHandle as well. */
async function shortenHandles(): Promise<void> {
  const any = await open(folder.path);
  const handles = Object.getPrototypeOf(any);
  await any.close();
  const { write } = handles;
  vi.spyOn(handles, 'write').mockImplementation(function (this: unknown, ...given: unknown[]) {
    const [bytes, from, length, at] = given as [Uint8Array, number, number, number];
    return write.call(this, bytes, from, disk.taken(length), at);
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  disk.taken = (length) => length;
});

it.each(WAYS)('%s has all of its content, however little of it the disk takes at once', async (_, write) => {
  await shortenHandles();
  disk.taken = (length) => Math.min(length, 5);
  await write(folder.at('made'));
  expect(readFileSync(folder.at('made'))).toEqual(content);
});

it.each(WAYS)('%s ends with a reason where the disk takes nothing and says nothing', async (_, write) => {
  await shortenHandles();
  disk.taken = () => 0;
  await expect(write(folder.at('made'))).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('made'),
    fix: expect.stringContaining('the disk'),
  });
  // Whoever makes a new file removes the folder that it is in.
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
