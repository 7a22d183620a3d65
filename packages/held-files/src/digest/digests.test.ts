// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldFileError } from '../error.js';
import { type Digests, withDigests } from './index.js';
import { createQueueMemory, serve, waitFor } from './queue.js';

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const BLOCK = 4096;

/** Makes digests of the same content in all ways at once: out of rooms, out of memory elsewhere, and of its blocks. */
function digestAll(digests: Digests, content: Uint8Array, sizes: readonly number[], salt: Uint8Array) {
  const [readRoom, writtenRoom] = digests.rooms;
  const stream = digests.stream();
  const copied = digests.stream();
  const found: Buffer[] = [];
  const blocks = digests.blocks(salt, (pieces) => found.push(Buffer.from(pieces)));
  for (let at = 0, step = 0; at < content.length; step++) {
    const room = readRoom();
    const part = content.subarray(at, at + Math.min(room.length, (sizes[step % sizes.length] ?? 1) * BLOCK));
    room.set(part);
    const piece = room.subarray(0, part.length);
    stream.add(piece);
    copied.add(part);
    // The second room is held while the first goes on.
    const other = writtenRoom();
    other.set(part);
    blocks.add(other.subarray(0, part.length));
    at += part.length;
  }
  blocks.end();
  return { stream: stream.end(), copied: copied.end(), blocks: Buffer.concat(found).toString('hex') };
}

describe.each([0, 1, 2, 3])('with %i threads', (threads) => {
  it('digests are those of the content, whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 900 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
        fc.uint8Array({ maxLength: 256 }),
        async (count, sizes, salt) => {
          const content = Buffer.alloc(count * BLOCK, `${count} `);
          for (let block = 0; block < count; block++) content.writeUInt32LE(block, block * BLOCK);
          const expected = {
            stream: sha256(content),
            copied: sha256(content),
            blocks: Array.from({ length: count }, (_, block) =>
              sha256(salt, content.subarray(block * BLOCK, (block + 1) * BLOCK)),
            ).join(''),
          };
          const found = await withDigests({ bytes: 0, threads }, async (digests) =>
            digestAll(digests, content, sizes, salt),
          );
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('a room is not filled again before what was made of it is done', async () => {
    const found = await withDigests({ bytes: 0, threads }, async ({ rooms: [room], stream }) => {
      const digest = stream();
      for (let round = 0; round < 40; round++) digest.add(room().fill(round));
      return digest.end();
    });
    expect(found).toBe(sha256(...Array.from({ length: 40 }, (_, round) => Buffer.alloc(1 << 20, round))));
  });

  it('what fails in the middle is thrown, and no thread is left', async () => {
    const failure = new Error('no');
    const work = withDigests({ bytes: 0, threads }, async ({ rooms: [room], stream }) => {
      stream().add(room());
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'MessagePort')).toEqual([]);
  });
});

it('threads are started for much alone', async () => {
  const shared = (bytes: number) =>
    withDigests({ bytes }, async ({ rooms: [room] }) => room().buffer instanceof SharedArrayBuffer);
  expect(await shared(1 << 20)).toBe(false);
});

it('whoever waits for a thread that failed is told', () => {
  const memory = createQueueMemory(new Uint8Array(new SharedArrayBuffer(8)));
  expect(waitFor(memory, 1, 1)).toBe(false);
  Atomics.store(memory.counters, 0, 1);
  expect(() =>
    serve(memory, {
      doTask: () => {
        throw new Error('no memory');
      },
      goOn: () => false,
    }),
  ).toThrow('no memory');
  expect(waitFor(memory, 1, 1_000_000)).toBe(false);
});

it('a thread that cannot do its work makes the digest fail', async () => {
  const work = withDigests({ bytes: 0, threads: 1 }, async ({ blocks, rooms: [room] }) => {
    const digest = blocks(new Uint8Array(0), () => undefined);
    // No whole blocks: it has no memory behind the piece for the last one.
    digest.add(room().subarray(1));
    digest.end();
  });
  await expect(work).rejects.toThrow(HeldFileError);
});

describe.each([0, 1, 2])('a file with %i threads', (threads) => {
  it('its digest is that of its content, however much of it was read ahead and whoever reads the rest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latticra-digest-'));
    const path = join(folder, 'file');
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: 9 << 20 }),
          fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }),
          async (size, waits) => {
            const content = Buffer.alloc(size, `${size} `);
            writeFileSync(path, content);
            const fd = openSync(path, 'r');
            const found = await withDigests({ bytes: 0, threads }, async (digests) => {
              const file = digests.file(fd);
              const other = digests.stream();
              for (const wait of waits) {
                await setTimeout(wait);
                // Tasks go first, and the file goes on after them.
                other.add(content.subarray(0, wait));
              }
              const reached = file.reached();
              expect(reached).toBeLessThanOrEqual(size);
              other.add(content);
              file.add(content.subarray(reached));
              return [file.end(), other.end()];
            }).finally(() => closeSync(fd));
            const first = waits.map((wait) => content.subarray(0, wait));
            expect(found).toEqual([sha256(content), sha256(...first, content)]);
          },
        ),
        { numRuns: 15 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.runIf(threads > 0)('all of it is read ahead where there is time enough', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latticra-digest-'));
    const path = join(folder, 'file');
    const content = Buffer.alloc(5 << 20, 'content ');
    writeFileSync(path, content);
    const fd = openSync(path, 'r');
    try {
      let reached = 0;
      for (let wait = 20; reached < content.length && wait < 10_000; wait *= 2) {
        const digest = await withDigests({ bytes: 0, threads }, async (digests) => {
          const file = digests.file(fd);
          await setTimeout(wait);
          reached = file.reached();
          file.add(content.subarray(reached));
          return file.end();
        });
        expect(digest).toBe(sha256(content));
      }
      expect(reached).toBe(content.length);
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });

  it('what cannot be read of it is left to whoever adds the rest', async () => {
    // A folder is open, and cannot be read.
    const fd = openSync(tmpdir(), 'r');
    const found = await withDigests({ bytes: 0, threads }, async (digests) => {
      const file = digests.file(fd);
      const reached = file.reached();
      file.add(Buffer.from('rest'));
      return [reached, file.end()];
    }).finally(() => closeSync(fd));
    expect(found).toEqual([0, sha256(Buffer.from('rest'))]);
  });
});
