// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLayout } from './layout.js';
import { bytesSource } from './source.js';
import { writeLayout } from './write.js';

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

const content = Buffer.from('an image, and no small one');
const layout = createLayout(content.length, [{ offset: 0, source: bytesSource(content) }]);
/** What an image is written to. */
const TARGETS: readonly [string, (path: string, handle: FileHandle) => FileHandle | number | string][] = [
  ['a path', (path) => path],
  ['a descriptor', (_, handle) => handle.fd],
  ['a FileHandle', (_, handle) => handle],
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-taken-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Writes the image to a target of which the disk takes so much at once. */
async function write(target: (typeof TARGETS)[number][1], taken: (length: number) => number) {
  const path = join(folder, 'image');
  const handle = await open(path, 'w+');
  const functions = Object.getPrototypeOf(handle);
  const original = functions.write;
  disk.taken = taken;
  vi.spyOn(functions, 'write').mockImplementation(function (this: unknown, ...given: unknown[]) {
    const [bytes, from, length, place] = given as [Uint8Array, number, number, number];
    return original.call(this, bytes, from, taken(length), place);
  });
  try {
    await writeLayout(target(path, handle), layout);
  } finally {
    await handle.close();
  }
  return readFileSync(path);
}

it.each(TARGETS)('%s has the whole image, however little of it is taken at once', async (_, target) => {
  expect(await write(target, (length) => Math.min(length, 7))).toEqual(content);
});

it.each(TARGETS)('%s that takes nothing and says nothing is told as a broken disk', async (_, target) => {
  await expect(write(target, () => 0)).rejects.toMatchObject({ code: 'EIO', syscall: 'write' });
  expect(readdirSync(folder)).toEqual(['image']);
});
