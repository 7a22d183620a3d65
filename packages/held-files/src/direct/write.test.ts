// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, ftruncateSync, openSync, readFileSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { testFolder } from '../../test/folder.js';
import { createDirectWriter } from './write.js';

const MIB = 1 << 20;

/** Lets a test fail or shorten writes, and notes those that are direct. */
const disk = vi.hoisted(() => ({
  openFlags: new Map<number, number>(),
  direct: [] as { length: number; at: number }[],
  fail: (_isDirect: boolean): string | undefined => undefined,
  taken: (length: number, _isDirect: boolean) => length,
}));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const O_DIRECT = fs.constants.O_DIRECT ?? 0;
  const { promisify } = await import('node:util');
  const write = async (fd: number, bytes: Uint8Array, from: number, length: number, at: number) => {
    const isDirect = ((disk.openFlags.get(fd) ?? 0) & O_DIRECT) !== 0;
    const code = disk.fail(isDirect);
    if (code !== undefined) throw Object.assign(new Error(code), { code, syscall: 'write' });
    if (isDirect) disk.direct.push({ length, at });
    return promisify(fs.write)(fd, bytes, from, disk.taken(length, isDirect), at);
  };
  return {
    ...fs,
    openSync: (path: string, flags: number, mode?: number) => {
      const fd = fs.openSync(path, flags, mode);
      disk.openFlags.set(fd, flags);
      return fd;
    },
    write: Object.assign(() => expect.unreachable(), { [promisify.custom]: write }),
  };
});
afterEach(() => {
  disk.direct = [];
  disk.fail = () => undefined;
  disk.taken = (length) => length;
});
const folder = testFolder();
let files = 0;

interface Part {
  readonly length: number;
  readonly isHole: boolean;
}

/** Writes parts, none longer than there is room for at once, and returns what is to be in the file, and its path. */
async function writeParts(parts: readonly Part[]): Promise<{ path: string; wanted: Buffer }> {
  const path = folder.at(`f${files++}`);
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  const wanted: Buffer[] = [];
  try {
    const writer = createDirectWriter(path, fd, 0, 0);
    if (writer === undefined) throw new Error('none');
    try {
      for (const [index, { length, isHole }] of parts.entries()) {
        const room = writer.room(length);
        room.fill(isHole ? 0 : 1 + (index % 255));
        wanted.push(Buffer.from(room));
        writer.take(room.length, isHole);
        await writer.ready();
      }
      await writer.settle();
    } finally {
      await writer.close();
    }
    ftruncateSync(fd, Buffer.concat(wanted).length);
  } finally {
    closeSync(fd);
  }
  return { path, wanted: Buffer.concat(wanted) };
}

const LINUX = ['/proc/self/fd'];
const part = fc.record({
  length: fc.oneof(fc.constantFrom(4096, 1 << 17, MIB), fc.integer({ min: 1, max: 200_000 })),
  isHole: fc.boolean(),
});

itWith(LINUX, 'whatever the pieces and holes of a file are, what was read is what lies there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 40 }), async (parts) => {
      const { path, wanted } = await writeParts(parts);
      expect(Buffer.compare(readFileSync(path), wanted)).toBe(0);
    }),
    { numRuns: 25 },
  );
});

const plain = (length: number): Part[] =>
  Array.from({ length: Math.ceil(length / MIB) }, (_, index) => ({
    length: Math.min(MIB, length - index * MIB),
    isHole: false,
  }));

itWith(
  LINUX,
  'all but the last bytes of a file are written by the mebibyte, past the page cache',
  async () => {
    const { path, wanted } = await writeParts(plain(9 * MIB + 4096 + 3));
    expect(Buffer.compare(readFileSync(path), wanted)).toBe(0);
    expect(disk.direct.map(({ length }) => length)).toEqual([...Array(9).fill(MIB), 4096]);
  },
);

itWith(LINUX, 'holes take no room on the disk', async () => {
  const { path } = await writeParts([...plain(MIB), { length: MIB, isHole: true }, ...plain(MIB)]);
  expect(statSync(path).blocks * 512).toBeLessThan(2 * MIB + 65536);
});

itWith(LINUX, 'a disk that refuses direct writes, or takes part of one, gets the same bytes', async () => {
  disk.fail = (isDirect) => (isDirect ? 'EINVAL' : undefined);
  const refused = await writeParts(plain(6 * MIB + 1));
  expect(Buffer.compare(readFileSync(refused.path), refused.wanted)).toBe(0);
  expect(disk.direct).toEqual([]);
  disk.fail = () => undefined;
  disk.taken = (length, isDirect) => (isDirect ? Math.min(length, 8192) : length);
  const short = await writeParts(plain(3 * MIB));
  expect(Buffer.compare(readFileSync(short.path), short.wanted)).toBe(0);
  expect(disk.direct).toHaveLength(3);
});

itWith(LINUX, 'a disk that is full is told, and no write is under way when the file is let go', async () => {
  let calls = 0;
  disk.fail = () => (++calls === 3 ? 'ENOSPC' : undefined);
  await expect(writeParts(plain(20 * MIB))).rejects.toMatchObject({ code: 'ENOSPC' });
});

itWith(LINUX, 'a disk that takes nothing and says nothing is told', async () => {
  disk.taken = () => 0;
  await expect(writeParts(plain(2 * MIB))).rejects.toMatchObject({ code: 'io' });
});

it('a small file, and one that cannot be opened for direct writes, has no such writer', () => {
  const path = folder.at('small');
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT);
  expect(createDirectWriter(path, fd, (32 << 20) - 1)).toBeUndefined();
  closeSync(fd);
  expect(createDirectWriter(path, fd, 32 << 20)).toBeUndefined();
});
