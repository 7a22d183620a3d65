// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openErofs } from '../erofs/index.js';
import { createFat, openFat } from '../fat/index.js';
import { layoutIso, openIso, planIso } from '../iso9660/index.js';
import { encodeQcow2, openQcow2 } from '../qcow2/index.js';
import { asyncReader } from './async-reader.js';
import { type AsyncByteSource, blobSource } from './async-source.js';
import { createLayout, layoutSource } from './layout.js';
import { type ByteSource, bytesSource, readBytes, sliceSource } from './source.js';

const text = (value: string) => bytesSource(new TextEncoder().encode(value));
const blobOf = (source: ByteSource) =>
  new Blob([readBytes(source, 0, source.size) as Uint8Array<ArrayBuffer>]);

/** A source that counts what is asked of it. */
function counted(source: ByteSource): AsyncByteSource & { reads: number; bytes: number } {
  return {
    size: source.size,
    reads: 0,
    bytes: 0,
    async read(into, offset) {
      this.reads++;
      this.bytes += into.length;
      source.readInto(into, offset);
    },
  };
}

const content = Uint8Array.from({ length: 700_000 }, (_, index) => index % 251);
const fat = createFat({
  size: 8 << 20,
  volumeId: 1,
  timestamp: 0,
  files: [{ path: 'EFI/BOOT/BOOTX64.EFI', content: bytesSource(content) }],
}).layout;

it('a file in a FAT volume in a qcow2 file is read out of a Blob, as it is out of memory', async () => {
  const image = layoutSource(encodeQcow2(fat));
  const reader = asyncReader(blobSource(blobOf(image)));
  const file = await reader.run(() => openFat(openQcow2(reader.source)).open('EFI/BOOT/BOOTX64.EFI'));
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.pieces(file)) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(content)).toBe(true);
});

it('an ISO is listed out of a Blob', async () => {
  const files = ['a/b/c.txt', 'd.txt'];
  const plan = planIso({
    volumeId: 'X',
    epoch: 0,
    files: files.map((path) => ({ path, size: path.length })),
  });
  const iso = layoutSource(layoutIso(plan, { files: new Map(files.map((path) => [path, text(path)])) }));
  const reader = asyncReader(blobSource(blobOf(iso)));
  const paths = await reader.run(() => [...openIso(reader.source).walk()].map(({ path }) => path));
  expect(paths).toEqual(['a', 'a/b', 'a/b/c.txt', 'd.txt']);
});

it('what a reader throws of an image is thrown of one that is waited for', async () => {
  const reader = asyncReader(blobSource(new Blob([new Uint8Array(4096)])));
  await expect(reader.run(() => openErofs(reader.source))).rejects.toMatchObject({ code: 'bad-magic' });
  await expect(reader.run(() => openIso(reader.source))).rejects.toMatchObject({ code: 'truncated' });
});

it('work reads the same bytes in whatever pieces, and however little memory there is', async () => {
  const whole = Uint8Array.from({ length: 900_000 }, (_, index) => (index * 7) % 256);
  const ranges = fc.array(fc.tuple(fc.nat(899_999), fc.nat(5000)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(ranges, fc.integer({ min: 20, max: 40 }), async (wanted, pages) => {
      const reader = asyncReader(counted(bytesSource(whole)), { memory: pages << 16 });
      const read = () =>
        wanted.map(([at, length]) => readBytes(reader.source, at, Math.min(length, whole.length - at)));
      const [first, second] = await Promise.all([reader.run(read), reader.run(read)]);
      for (const found of [first, second]) {
        found.forEach((bytes, index) => {
          const [at = 0] = wanted[index] ?? [];
          expect(Buffer.compare(bytes, whole.subarray(at, at + bytes.length))).toBe(0);
        });
      }
    }),
    { numRuns: 40 },
  );
});

it('bytes are fetched once, and more of them at a time the more are missed', async () => {
  const source = counted(bytesSource(new Uint8Array(16 << 20)));
  const reader = asyncReader(source);
  await reader.run(() => readBytes(reader.source, 0, source.size));
  await reader.run(() => readBytes(reader.source, 0, source.size));
  expect(source.bytes).toBe(16 << 20);
  expect(source.reads).toBeLessThan(12);
});

it('work that reads more than memory is allowed for is refused, and the same in pieces is not', async () => {
  const source = counted(bytesSource(new Uint8Array(4 << 20)));
  const reader = asyncReader(source, { memory: 1 << 20 });
  await expect(reader.run(() => readBytes(reader.source, 0, source.size))).rejects.toMatchObject({
    code: 'too-large',
  });
  let length = 0;
  for await (const piece of reader.pieces(sliceSource(reader.source, 1, source.size - 1)))
    length += piece.length;
  expect(length).toBe(source.size - 1);
});

it('work that catches whatever is thrown gets its bytes all the same', async () => {
  const reader = asyncReader(counted(bytesSource(Uint8Array.of(1, 2, 3))));
  const careless = () => {
    try {
      return readBytes(reader.source, 0, 3)[2];
    } catch {
      return undefined;
    }
  };
  await expect(reader.run(careless)).resolves.toBe(3);
});

it('a source that is waited for is read in a run alone, by work that does not wait, until it is told to end', async () => {
  const source = counted(bytesSource(new Uint8Array(10)));
  const reader = asyncReader(source);
  expect(() => readBytes(reader.source, 0, 1)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  await expect(reader.run(async () => undefined)).rejects.toMatchObject({ code: 'unsupported' });
  const aborted = asyncReader(source, { signal: AbortSignal.abort() });
  await expect(aborted.run(() => 1)).rejects.toMatchObject({ name: 'AbortError' });
  const failing = asyncReader({ size: 1, read: () => Promise.reject(new Error('the line is down')) });
  await expect(failing.run(() => readBytes(failing.source, 0, 1))).rejects.toThrow('the line is down');
});

it('an empty Blob, and one that gives less than it has, are told apart from what they are not', async () => {
  const short = { size: 8, slice: () => new Blob([]) } as unknown as Blob;
  await expect(blobSource(short).read(new Uint8Array(8), 0)).rejects.toMatchObject({ code: 'truncated' });
  await expect(blobSource(new Blob([])).read(new Uint8Array(1), 0)).rejects.toMatchObject({
    code: 'out-of-range',
  });
  const reader = asyncReader(blobSource(new Blob([])));
  await expect(reader.run(() => createLayout(0, []).size)).resolves.toBe(0);
});
