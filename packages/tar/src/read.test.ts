// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive, octal } from '../test/archive.js';
import { gunzip, readTar, type TarEntry } from './index.js';

const bytes = archive(
  { name: 'd/', type: '5' },
  { name: 'd/empty' },
  { name: 'd/a', content: 'x'.repeat(700) },
  { name: 'b', content: 'hello' },
);
const inPieces = (input: Uint8Array, size: number) =>
  Array.from({ length: Math.ceil(input.length / size) }, (_, index) =>
    input.subarray(index * size, (index + 1) * size),
  );

async function contentOf(entry: TarEntry): Promise<string> {
  const parts: Buffer[] = [];
  for await (const piece of entry.content()) parts.push(Buffer.from(piece));
  return Buffer.concat(parts).toString();
}

describe('readTar', () => {
  it('members and their content come in order, from pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (size) => {
        const found: [string, string][] = [];
        for await (const entry of readTar(inPieces(bytes, size))) {
          found.push([entry.member.path, await contentOf(entry)]);
        }
        expect(found).toEqual([
          ['d', ''],
          ['d/empty', ''],
          ['d/a', 'x'.repeat(700)],
          ['b', 'hello'],
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('content that is skipped, or left early, is passed over', async () => {
    for (const size of [1, 100, 10_000]) {
      const found: string[] = [];
      for await (const entry of readTar(inPieces(bytes, size))) {
        found.push(entry.member.path);
        if (entry.member.path !== 'd/a') entry.skip();
        else for await (const _ of entry.content()) break;
      }
      expect(found).toEqual(['d', 'd/empty', 'd/a', 'b']);
    }
  });

  it('reading on is refused where content was forgotten', async () => {
    const entries = readTar([bytes]);
    const forget = async () => {
      for await (const entry of entries) expect(entry.member.path).not.toBe('b');
    };
    await expect(forget()).rejects.toMatchObject({
      code: 'unread',
      message: expect.stringContaining('"d/a"'),
    });
  });

  it('a compressed archive is read, and one that was cut off is reported at the end', async () => {
    const names: string[] = [];
    for await (const entry of readTar(gunzip([gzipSync(bytes)]))) {
      entry.skip();
      names.push(entry.member.path);
    }
    expect(names).toHaveLength(4);
    const cut = async () => {
      for await (const entry of readTar([bytes.subarray(0, -600)])) entry.skip();
    };
    await expect(cut()).rejects.toMatchObject({ code: 'damaged' });
  });

  it('the stored bytes of a sparse file are shown', async () => {
    const content = `${'x'.repeat(512)}hello`;
    const runs = [0, 512, 8192, 5, 9000, 0].map(octal).join('');
    const raw = { 386: runs, 483: octal(9000) };
    const sparse = archive({ name: 'disk', type: 'S', magic: 'ustar  \0', content, raw });
    for await (const entry of readTar([sparse])) {
      expect(entry.member).toMatchObject({ size: 9000, storedSize: 517 });
      expect(entry.member.sparse).toHaveLength(3);
      expect(await contentOf(entry)).toBe(content);
    }
  });
});
