// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ImageError } from '../error.js';
import { fileSource } from './file.js';
import { type ByteSource, readBytes, sliceSource } from './source.js';

let folder: string;
let fd: number;
const content = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-file-'));
  writeFileSync(join(folder, 'file'), content);
  fd = openSync(join(folder, 'file'), 'r');
});
afterAll(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** Reads on another thread, into memory that held something else. */
async function readAside(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const into = new Uint8Array(length).fill(0xee);
  expect(await source.read?.(into, offset)).toBe(undefined);
  return into;
}

it('a file and a slice of a slice of it read the same on this thread and on another', async () => {
  const whole = fileSource(fd, content.length);
  const part = sliceSource(sliceSource(whole, 100, 800), 7, 500);
  for (const source of [whole, part]) {
    for (const [offset, length] of [
      [0, source.size],
      [source.size - 3, 3],
      [11, 0],
    ] as const) {
      expect(await readAside(source, offset, length)).toEqual(readBytes(source, offset, length));
    }
  }
  expect(await readAside(part, 0, 500)).toEqual(content.subarray(107, 607));
});

it('what lies outside is refused on another thread as on this one', async () => {
  const whole = fileSource(fd, content.length);
  for (const source of [whole, sliceSource(whole, 100, 800)]) {
    for (const offset of [-1, source.size - 3, 0.5, Number.NaN]) {
      await expect(readAside(source, offset, 4)).rejects.toMatchObject({ code: 'out-of-range' });
      expect(() => source.readInto(new Uint8Array(4), offset)).toThrow(ImageError);
    }
  }
});

it('a file that is shorter than it was is told of on another thread as on this one', async () => {
  const longer = fileSource(fd, content.length + 5);
  const ends = { code: 'truncated', message: 'file ends at byte 1000, expected 1005 bytes' };
  await expect(readAside(longer, 990, 15)).rejects.toMatchObject(ends);
  expect(() => readBytes(longer, 990, 15)).toThrow(expect.objectContaining(ends));
});

it('what the system refuses to read is told in the words of whoever opened the file', async () => {
  const told = fileSource(-1, 10, (cause) => new Error('the disk', { cause }));
  await expect(readAside(told, 0, 10)).rejects.toThrow('the disk');
  expect(() => readBytes(told, 0, 10)).toThrow('the disk');
});

it('a slice of what cannot be read on another thread cannot be either', () => {
  const here = { size: 10, readInto: (into: Uint8Array) => into.fill(1) };
  expect(sliceSource(here, 1, 5).read).toBe(undefined);
});
