// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, openSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { testFolder } from '../../test/folder.js';
import { measureFile } from '../index.js';
import { directChunksOf } from './read.js';

const MIB = 1 << 20;

/** Lets a test fail or shorten reads, and notes how many are direct. */
const disk = vi.hoisted(() => ({
  openFlags: new Map<number, number>(),
  direct: 0,
  fail: (_isDirect: boolean): string | undefined => undefined,
  given: (length: number) => length,
}));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const O_DIRECT = fs.constants.O_DIRECT ?? 0;
  const { promisify } = await import('node:util');
  const read = async (fd: number, bytes: Uint8Array, from: number, length: number, at: number) => {
    const isDirect = ((disk.openFlags.get(fd) ?? 0) & O_DIRECT) !== 0;
    const code = disk.fail(isDirect);
    if (code !== undefined) throw Object.assign(new Error(code), { code, syscall: 'read' });
    if (isDirect) disk.direct++;
    return promisify(fs.read)(fd, bytes, from, isDirect ? disk.given(length) : length, at);
  };
  return {
    ...fs,
    openSync: (path: string, flags: number, mode?: number) => {
      const fd = fs.openSync(path, flags, mode);
      disk.openFlags.set(fd, flags);
      return fd;
    },
    read: Object.assign(() => expect.unreachable(), { [promisify.custom]: read }),
  };
});
afterEach(() => {
  disk.direct = 0;
  disk.fail = () => undefined;
  disk.given = (length) => length;
});
const folder = testFolder();

/** Reads a file whole. @param onChunk is called with how much was read before each chunk */
async function readWhole(path: string, onChunk: (at: number) => void = () => {}): Promise<Buffer> {
  const fd = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    const reading = directChunksOf({ path, fd, size: statSync(path).size }, 0);
    if (reading === undefined) throw new Error('none');
    let at = 0;
    for await (const chunk of reading) {
      onChunk(at);
      chunks.push(Buffer.from(chunk));
      at += chunk.length;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(fd);
  }
}

/** Makes a file of so many bytes, and returns its path and bytes. */
function make(size: number): { path: string; bytes: Buffer } {
  const bytes = randomBytes(size);
  writeFileSync(folder.at('a'), bytes);
  return { path: folder.at('a'), bytes };
}

const LINUX = ['/proc/self/fd'];

itWith(LINUX, 'a file of any length is read whole, past the page cache', async () => {
  const size = fc.oneof(
    fc.constantFrom(0, 1, 4095, 4096, MIB - 1, MIB, MIB + 1, 4 * MIB, 5 * MIB + 4097),
    fc.integer({ min: 0, max: 7 * MIB }),
  );
  await fc.assert(
    fc.asyncProperty(size, async (length) => {
      const { path, bytes } = make(length);
      disk.direct = 0;
      expect(Buffer.compare(await readWhole(path), bytes)).toBe(0);
      expect(disk.direct).toBe(Math.ceil(length / MIB));
    }),
    { numRuns: 15 },
  );
});

itWith(LINUX, 'a disk that refuses direct reads, or gives part of one, is read all the same', async () => {
  const { path, bytes } = make(6 * MIB + 5);
  disk.fail = (isDirect) => (isDirect ? 'EINVAL' : undefined);
  expect(Buffer.compare(await readWhole(path), bytes)).toBe(0);
  disk.fail = () => undefined;
  disk.given = (length) => Math.min(length, 8192);
  expect(Buffer.compare(await readWhole(path), bytes)).toBe(0);
});

itWith(LINUX, 'a read that fails is told with the file', async () => {
  const { path } = make(9 * MIB);
  let calls = 0;
  disk.fail = () => (++calls === 7 ? 'EIO' : undefined);
  await expect(readWhole(path)).rejects.toMatchObject({ code: 'io', path });
});

itWith(LINUX, 'a file that grows or shrinks while it is read is refused', async () => {
  for (const size of [6 * MIB, 6 * MIB + 5]) {
    const grown = make(size);
    const growing = readWhole(grown.path, (at) => at === MIB && appendFileSync(grown.path, 'x'));
    await expect(growing).rejects.toMatchObject({ code: 'changed', path: grown.path });
  }
  const shrunk = make(9 * MIB);
  const shrinking = readWhole(shrunk.path, (at) => at === MIB && truncateSync(shrunk.path, 6 * MIB + 1));
  await expect(shrinking).rejects.toMatchObject({ code: 'changed', path: shrunk.path });
});

itWith(LINUX, 'a large file measures the same from the disk, in this thread and in another', async () => {
  const path = folder.at('large');
  writeFileSync(path, randomBytes(3 * MIB + 7));
  truncateSync(path, 65 * MIB + 3);
  const found = await measureFile(path);
  expect(disk.direct).toBe(0);
  expect(await measureFile(path, { fromDisk: true })).toEqual(found);
  expect(disk.direct).toBe(66);
  const { sha256, size } = await measureFile(path, { fromDisk: true, aside: true });
  expect({ sha256, size }).toEqual({ sha256: found.sha256, size: found.size });
});

it('a small file is measured as any other', async () => {
  const { path } = make(5);
  expect((await measureFile(path, { fromDisk: true })).size).toBe(5);
  expect(disk.direct).toBe(0);
});
