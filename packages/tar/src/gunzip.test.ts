// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TarError } from './error.js';
import { createGunzipFeed, gunzip as gunzipPieces } from './gunzip.js';

/** Decompresses a file that is asked for. */
async function pull(bytes: Uint8Array): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of gunzipPieces([bytes])) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}

/** Decompresses pieces of `step` bytes, each overwritten as soon as that is allowed. */
async function gunzip(bytes: Uint8Array, step = bytes.length): Promise<string> {
  const parts: Buffer[] = [];
  const feed = createGunzipFeed((content) => parts.push(Buffer.from(content)));
  for (let at = 0; at < bytes.length; at += step) {
    const piece = Buffer.from(bytes.subarray(at, at + step));
    await feed.push(piece);
    piece.fill(0xaa);
  }
  await feed.end();
  return Buffer.concat(parts).toString();
}

const one = gzipSync('latticra '.repeat(200));

describe('createGunzipFeed', () => {
  it('any members are decompressed, with zeros behind them, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 50 }), { minLength: 1, maxLength: 4 }),
        fc.nat(40),
        fc.integer({ min: 1, max: 60 }),
        async (texts, zeros, step) => {
          const bytes = Buffer.concat([...texts.map((text) => gzipSync(text)), Buffer.alloc(zeros)]);
          expect(await gunzip(bytes, step)).toBe(Buffer.from(texts.join('')).toString());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('content that is larger than the buffers is given out in full', async () => {
    const text = '0123456789abcdef'.repeat(200_000);
    expect(await gunzip(gzipSync(text), 1000)).toBe(text);
  });

  it('a file that is cut anywhere is refused', async () => {
    for (let end = 1; end < one.length; end++) {
      await expect(gunzip(one.subarray(0, end), 16), `cut at ${end}`).rejects.toThrow(TarError);
    }
  });

  it('a file with a changed byte is refused, or gives what it always held', async () => {
    const text = await gunzip(one);
    for (let at = 0; at < one.length; at++) {
      const bytes = Buffer.from(one);
      bytes[at] = (bytes[at] ?? 0) ^ 0x41;
      const result = await gunzip(bytes, 16).catch((error: unknown) => error);
      if (typeof result === 'string') expect(result).toBe(text);
      else expect(result).toBeInstanceOf(TarError);
    }
  });

  it.each([
    ['text', 'trailing'],
    ['one byte', 'x'],
    ['half a header', '\x1f'],
    ['text behind zeros', '\0\0\0x'],
  ])('a file with %s behind the members is refused, in pieces of any size', async (_, garbage) => {
    const bytes = Buffer.concat([one, Buffer.from(garbage, 'latin1')]);
    for (const step of [1, 2, 3, one.length, bytes.length]) {
      await expect(gunzip(bytes, step), `in pieces of ${step}`).rejects.toThrow(TarError);
    }
  });

  it('an error of the sink is passed on, from wherever in the file', async () => {
    for (const step of [1, 7, one.length]) {
      const own = new Error('enough');
      const feed = createGunzipFeed(() => {
        throw own;
      });
      const feedAll = async () => {
        for (let at = 0; at < one.length; at += step) await feed.push(one.subarray(at, at + step));
        await feed.end();
      };
      await expect(feedAll()).rejects.toBe(own);
    }
  });
});

describe('gunzip', () => {
  it('the content goes to the consumer that asks for it, and a file that is cut off is refused', async () => {
    const text = '0123456789abcdef'.repeat(200_000);
    expect(await pull(gzipSync(text))).toBe(text);
    await expect(pull(one.subarray(0, -1))).rejects.toMatchObject({ code: 'damaged' });
  });
});
