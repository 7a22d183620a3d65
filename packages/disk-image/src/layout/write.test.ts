// SPDX-License-Identifier: Apache-2.0
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createLayout, type Layout, layoutSource } from './layout.js';
import { type ByteSource, bytesSource, readBytes } from './source.js';
import { writeLayout } from './write.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-write-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const wholeOf = (layout: Layout) => Buffer.from(readBytes(layoutSource(layout), 0, layout.size));

const layouts = fc
  .array(fc.tuple(fc.nat(5000), fc.uint8Array({ maxLength: 100 })), { maxLength: 4 })
  .chain((pieces) => fc.tuple(fc.constant(pieces), fc.nat(5000)))
  .map(([pieces, trailing]) => {
    let end = 0;
    const extents = pieces.map(([hole, bytes]) => {
      const offset = end + hole;
      end = offset + bytes.length;
      return { offset, source: bytesSource(bytes) };
    });
    return createLayout(end + trailing, extents);
  });

it('a layout is written with its holes to a path, a descriptor and a FileHandle alike', async () => {
  await fc.assert(
    fc.asyncProperty(layouts, async (layout) => {
      await writeLayout(at('path'), layout);
      expect(readFileSync(at('path')).equals(wholeOf(layout))).toBe(true);
      // What was there before, and is longer, does not show through.
      for (const name of ['fd', 'handle']) writeFileSync(at(name), Buffer.alloc(20_000, 0xee));
      const fd = openSync(at('fd'), 'r+');
      await writeLayout(fd, layout);
      closeSync(fd);
      expect(readFileSync(at('fd')).equals(wholeOf(layout))).toBe(true);
      const handle = await open(at('handle'), 'r+');
      await writeLayout(handle, layout);
      await handle.close();
      expect(readFileSync(at('handle')).equals(wholeOf(layout))).toBe(true);
    }),
    { numRuns: 25 },
  );
});

it('an image that ends in a hole has its whole length, and takes no space for the hole', async () => {
  await writeLayout(
    at('sparse'),
    createLayout(1 << 30, [{ offset: 0, source: bytesSource(Uint8Array.of(1)) }]),
  );
  const { size, blocks } = statSync(at('sparse'));
  expect(size).toBe(1 << 30);
  expect(blocks * 512).toBeLessThan(1 << 20);
});

it('a file stays as it was when its new content cannot be read, or nobody wants it any more', async () => {
  writeFileSync(at('kept'), 'as it was');
  const failing = { size: 10, readInto: () => expect.unreachable() };
  await expect(writeLayout(at('kept'), createLayout(20, [{ offset: 5, source: failing }]))).rejects.toThrow();
  const controller = new AbortController();
  const large = createLayout(4 << 20, [{ offset: 0, source: bytesSource(new Uint8Array(4 << 20)) }]);
  const writing = writeLayout(at('kept'), large, {
    onBytes: () => controller.abort(),
    signal: controller.signal,
  });
  await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
  expect(readFileSync(at('kept'), 'utf8')).toBe('as it was');
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('what is no regular file is not replaced, and what is no target at all has a name', async () => {
  const layout = createLayout(1, []);
  mkdirSync(at('folder'));
  symlinkSync('kept', at('link'));
  for (const name of ['folder', 'link']) {
    await expect(writeLayout(at(name), layout)).rejects.toMatchObject({ code: 'bad-target' });
  }
  await expect(writeLayout({} as never, layout)).rejects.toMatchObject({ code: 'bad-target' });
  await expect(writeLayout(join(folder, 'none', 'x'), layout)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('what can have no holes is given their zeros', async () => {
  const written: number[] = [];
  const handle = await open('/dev/null', 'w');
  await writeLayout(
    handle,
    createLayout((1 << 20) + 7, [{ offset: 2, source: bytesSource(new Uint8Array(3)) }]),
    {
      onBytes: (count) => written.push(count),
    },
  );
  await handle.close();
  expect(written.reduce((sum, count) => sum + count, 0)).toBe((1 << 20) + 7);
});

/** Makes an open file that takes its time, and is told by the place of a piece how long. */
function slowFile(isFile: boolean, write: (at: number | null, bytes: Uint8Array) => Promise<void>) {
  let underWay = 0;
  let most = 0;
  const file = {
    fd: -1,
    stat: async () => ({ isFile: () => isFile, size: 0 }),
    truncate: async () => undefined,
    async write(bytes: Uint8Array, _from: number, length: number, at: number | null) {
      most = Math.max(most, ++underWay);
      await write(at, bytes).finally(() => underWay--);
      return { bytesWritten: length };
    },
  };
  return { file: file as never, underWay: () => underWay, most: () => most };
}

const PIECE = 2 << 20;
/** Pieces of which each is filled with its number, and how many of them were read by now. */
function numbered(count: number) {
  let read = 0;
  const source = {
    size: count * PIECE,
    readInto(into: Uint8Array, offset: number) {
      into.fill(1 + Math.floor(offset / PIECE));
      read++;
    },
  };
  return { layout: createLayout(source.size, [{ offset: 0, source }]), read: () => read };
}

it.each([
  ['a regular file', true],
  ['what is none', false],
])(
  'the next piece is read while %s takes one, and they are written one after the other',
  async (_, isFile) => {
    const written: (number | undefined)[] = [];
    const ahead: number[] = [];
    const image = numbered(4);
    const slow = slowFile(isFile, async (at, bytes) => {
      await setTimeout(written.length === 0 ? 20 : 1);
      ahead.push(image.read() - written.length);
      expect(at).toBe(isFile ? written.length * PIECE : null);
      expect(bytes.every((byte) => byte === bytes[0])).toBe(true);
      written.push(bytes[0]);
    });
    await writeLayout(slow.file, image.layout);
    expect(written).toEqual([1, 2, 3, 4]);
    expect(ahead).toEqual([2, 2, 2, 1]);
    expect(slow.most()).toBe(1);
  },
);

it('nothing is written any more once it is told that something failed', async () => {
  const failing = numbered(3).layout;
  const source = {
    size: failing.size,
    readInto(into: Uint8Array, offset: number) {
      if (offset > 0) throw new Error('cannot be read');
      into.fill(1);
    },
  };
  const slow = slowFile(true, () => setTimeout(20));
  await expect(writeLayout(slow.file, createLayout(failing.size, [{ offset: 0, source }]))).rejects.toThrow(
    'cannot be read',
  );
  expect([slow.most(), slow.underWay()]).toEqual([1, 0]);
  const full = slowFile(true, async (at) => {
    if (at === PIECE) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
  await expect(writeLayout(full.file, failing)).rejects.toMatchObject({ code: 'ENOSPC' });
});

it('a small image that nobody wants any more does not get its name', async () => {
  const controller = new AbortController();
  const writing = writeLayout(
    at('unwanted'),
    createLayout(3, [{ offset: 0, source: bytesSource(new Uint8Array(3)) }]),
    {
      onBytes: () => controller.abort(),
      signal: controller.signal,
    },
  );
  await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
  expect(readdirSync(folder)).not.toContain('unwanted');
});

/** An image that is made as it is read, of which every byte is the same. */
const even = (mib: number) =>
  createLayout(mib << 20, [{ offset: 0, source: { size: mib << 20, readInto: (into) => into.fill(7) } }]);

/** The functions that every FileHandle has. */
async function handleFunctions(): Promise<FileHandle> {
  const handle = await open('/dev/null', 'r');
  await handle.close();
  return Object.getPrototypeOf(handle);
}

it('the disk is set to work on a large image before all of it is written, and what it says of that ends the writing', async () => {
  const datasync = vi.spyOn(await handleFunctions(), 'datasync');
  try {
    await writeLayout(at('large'), even(70));
    expect(datasync).toHaveBeenCalledTimes(1);
    expect(statSync(at('large')).size).toBe(70 << 20);
    datasync.mockRejectedValueOnce(Object.assign(new Error('disk'), { code: 'EIO' }));
    await expect(writeLayout(at('large'), even(71))).rejects.toMatchObject({ code: 'EIO' });
    expect(statSync(at('large')).size).toBe(70 << 20);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  } finally {
    datasync.mockRestore();
    rmSync(at('large'));
  }
});

it('timers get a turn while a regular file is written, and may end it', async () => {
  const fd = openSync(at('turns'), 'w');
  const controller = new AbortController();
  setTimeout(1).then(() => controller.abort());
  await expect(writeLayout(fd, even(512), { signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  closeSync(fd);
  expect(statSync(at('turns')).size).toBeLessThan(512 << 20);
  rmSync(at('turns'));
});

/** An image that another thread reads, and after how many pieces that fails. */
function readAside(mib: number, failsAt = Number.POSITIVE_INFINITY) {
  let underWay = 0;
  let reads = 0;
  const content = Buffer.from(Uint32Array.from({ length: mib << 18 }, (_, index) => index).buffer);
  const source: ByteSource = {
    size: content.length,
    readInto: (into, offset) => into.set(content.subarray(offset, offset + into.length)),
    async read(into, offset) {
      underWay++;
      await setTimeout(2);
      source.readInto(into, offset);
      underWay--;
      if (++reads > failsAt) throw new Error('cannot be read');
    },
  };
  const layout = createLayout(source.size + 10, [{ offset: 10, source }]);
  return { layout, reads: () => reads, underWay: () => underWay };
}

it('what another thread reads is written whole to a path, a descriptor and a FileHandle', async () => {
  const { layout, reads } = readAside(9);
  const isWritten = () => readFileSync(at('aside')).equals(wholeOf(layout));
  await writeLayout(at('aside'), layout);
  expect(isWritten()).toBe(true);
  const fd = openSync(at('aside'), 'w');
  await writeLayout(fd, layout);
  closeSync(fd);
  expect(isWritten()).toBe(true);
  const handle = await open(at('aside'), 'w');
  await writeLayout(handle, layout);
  await handle.close();
  expect([isWritten(), reads()]).toEqual([true, 3 * 5]);
});

it('the next piece is being read when a piece of a regular file is written', async () => {
  const image = readAside(7);
  const ahead: number[] = [];
  const fd = openSync(at('ahead'), 'w');
  await writeLayout(fd, image.layout, { onBytes: () => ahead.push(image.underWay()) });
  closeSync(fd);
  expect(ahead).toEqual([1, 1, 1, 0]);
});

it.each([
  ['it cannot be read', 2, undefined],
  ['nobody wants it any more', Number.POSITIVE_INFINITY, 'AbortError'],
])('nothing is being read any more when it is told that %s', async (_, failsAt, name) => {
  const controller = new AbortController();
  for (const target of ['descriptor', 'FileHandle']) {
    const image = readAside(40, failsAt);
    const handle = await open(at('ended'), 'w');
    const writing = writeLayout(target === 'FileHandle' ? handle : handle.fd, image.layout, {
      onBytes: () => name !== undefined && controller.abort(),
      signal: controller.signal,
    });
    await expect(writing).rejects.toMatchObject(
      name === undefined ? { message: 'cannot be read' } : { name },
    );
    expect(image.underWay()).toBe(0);
    expect(image.reads()).toBeLessThan(6);
    await handle.close();
  }
});
