// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive } from '../test/archive.js';
import { createArchiveFeed } from './archive-feed.js';
import { TarError } from './error.js';

async function read(bytes: Uint8Array, step: number) {
  const names: string[] = [];
  const feed = createArchiveFeed({ onMember: ({ path }) => names.push(path) });
  for (let at = 0; at < bytes.length; at += step) await feed.push(bytes.subarray(at, at + step));
  return { names, ...(await feed.end()) };
}

describe('createArchiveFeed', () => {
  it('a tar and the same tar in gzip have the same members, in pieces of any length', async () => {
    const plain = archive({ name: 'a', content: 'x'.repeat(3000) }, { name: 'b' });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (step) => {
        expect(await read(plain, step)).toEqual({ names: ['a', 'b'], members: 2, compression: 'none' });
        expect(await read(gzipSync(plain), step)).toEqual({
          names: ['a', 'b'],
          members: 2,
          compression: 'gzip',
        });
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from([0x1f])],
    ['gzip of no tar', gzipSync('words')],
    ['a gzip that was cut', gzipSync(archive({ name: 'a' })).subarray(0, 40)],
    ['words', Buffer.from('words')],
  ])('%s is refused', async (_, bytes) => {
    await expect(read(bytes, 10)).rejects.toThrow(TarError);
  });
});
