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

/** Looks at the contents of some members, and passes over those of others, or is shown all the same. */
async function look(bytes: Uint8Array, step: number, skips: boolean) {
  const found: string[] = [];
  let wanted = false;
  const feed = createArchiveFeed({
    onMember({ path, size }) {
      wanted = path.startsWith('wanted');
      found.push(`${path} ${size}`);
    },
    wantsContent: () => wanted,
    onContent: (piece) => found.push(Buffer.from(piece).toString()),
  });
  let [pushed, passed] = [0, 0];
  try {
    while (passed < bytes.length) {
      const ahead = skips ? Math.min(feed.ahead(), bytes.length - passed) : 0;
      if (ahead > 0) feed.skip(ahead);
      else await feed.push(bytes.subarray(passed, passed + step));
      const length = ahead > 0 ? ahead : Math.min(step, bytes.length - passed);
      passed += length;
      if (ahead === 0) pushed += length;
    }
    const outcome = { found: found.join(''), end: await feed.end() };
    return { outcome, pushed, passed };
  } catch (error) {
    const message = error instanceof TarError ? error.message : 'another error';
    return { outcome: { found: found.join(''), message }, pushed, passed: bytes.length };
  }
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

  it('contents that nobody looks at may be skipped: it comes to the same, also where the archive was damaged', async () => {
    const whole = archive(
      { name: 'a', content: 'x'.repeat(9000) },
      { name: 'wanted', content: 'w'.repeat(700) },
      { name: 'empty' },
      { name: 'b', content: 'y'.repeat(1024) },
      { name: 'wanted-too', content: 'z' },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 0, max: whole.length }),
        fc.option(fc.integer({ min: 0, max: whole.length - 1 })),
        async (step, length, damaged) => {
          const bytes = Buffer.from(whole.subarray(0, length));
          if (damaged !== null && damaged < length) bytes[damaged] = (bytes[damaged] ?? 0) ^ 0x11;
          const [seen, skipped] = [await look(bytes, step, false), await look(bytes, step, true)];
          expect(skipped.outcome).toEqual(seen.outcome);
          expect(skipped.passed).toBe(bytes.length);
        },
      ),
      { numRuns: 200 },
    );
    expect((await look(whole, 600, true)).pushed).toBeLessThan(7000);
    expect((await look(gzipSync(whole), 10, true)).passed).toBe(gzipSync(whole).length);
  });

  it('what is looked at is not skipped', async () => {
    const feed = createArchiveFeed({ onContent: () => undefined });
    await feed.push(archive({ name: 'a', content: 'x'.repeat(3000) }).subarray(0, 600));
    expect(feed.ahead()).toBe(0);
    expect(() => feed.skip(1)).toThrow(RangeError);
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
