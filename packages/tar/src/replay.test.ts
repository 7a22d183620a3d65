// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive, type TestMember } from '../test/archive.js';
import { createArchiveFeed, createArchiveReplay } from './archive-feed.js';
import { replayTar } from './replay.js';

/** What a walk or a replay shows of an archive. */
interface Shown {
  readonly contents: string[];
  readonly headers: string;
}

/** Walks an archive, and passes over contents where `looks` is false. */
async function walk(bytes: Uint8Array, looks: boolean) {
  const places: { start: number; length: number }[] = [];
  const contents: string[] = [];
  const headers = createHash('sha256');
  const feed = createArchiveFeed({
    onMember({ type, places: { content }, storedSize }) {
      if (type !== 'file') return;
      places.push({ start: content, length: storedSize });
      contents.push('');
    },
    wantsContent: () => looks,
    onContent: (piece) => contents.push((contents.pop() ?? '') + Buffer.from(piece).toString('latin1')),
    onHeader: (piece) => headers.update(piece),
  });
  for (let at = 0; at < bytes.length; ) {
    const ahead = Math.min(feed.ahead(), bytes.length - at);
    if (ahead > 0) feed.skip(ahead);
    else await feed.push(bytes.subarray(at, at + 700));
    at += ahead > 0 ? ahead : 700;
  }
  await feed.end();
  return { places, shown: { contents, headers: headers.digest('hex') } satisfies Shown };
}

async function replay(bytes: Uint8Array, places: readonly { start: number; length: number }[], step: number) {
  const contents = places.map(() => '');
  const headers = createHash('sha256');
  const again = createArchiveReplay(
    replayTar(
      {
        count: places.length,
        startOf: (index) => places[index]?.start ?? 0,
        lengthOf: (index) => places[index]?.length ?? 0,
      },
      {
        onContent(index, piece) {
          contents[index] += Buffer.from(piece).toString('latin1');
        },
        onHeader: (piece) => headers.update(piece),
      },
    ),
  );
  for (let at = 0; at < bytes.length; at += step) await again.push(bytes.subarray(at, at + step));
  const compression = await again.end();
  return { compression, shown: { contents, headers: headers.digest('hex') } satisfies Shown };
}

const pax = (text: string): TestMember => ({ name: 'x', type: 'x', content: `${text.length + 3} ${text}` });
const members = fc.array(
  fc.record({ content: fc.string({ maxLength: 1500 }), isLong: fc.boolean(), isFolder: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
);
const made = members.map((list) =>
  archive(
    ...list.flatMap(({ content, isLong, isFolder }, index): TestMember[] => [
      ...(isLong ? [pax('comment=0123\n')] : []),
      isFolder ? { name: `f${index}/`, type: '5' } : { name: `f${index}`, content: Buffer.from(content) },
    ]),
  ),
);

describe('replayTar', () => {
  it('what a walk showed of contents and headers is shown again, in pieces of any length, out of gzip too', async () => {
    await fc.assert(
      fc.asyncProperty(made, fc.integer({ min: 1, max: 3000 }), async (bytes, step) => {
        const { places, shown } = await walk(bytes, true);
        expect(await replay(bytes, places, step)).toEqual({ compression: 'none', shown });
        expect(await replay(gzipSync(bytes), places, step)).toEqual({ compression: 'gzip', shown });
      }),
      { numRuns: 40 },
    );
  });

  it('a byte that is another one shows in the contents or in the headers, unless it pads a content', async () => {
    await fc.assert(
      fc.asyncProperty(made, fc.nat(), fc.integer({ min: 1, max: 255 }), async (bytes, where, change) => {
        const { places, shown } = await walk(bytes, true);
        const at = where % bytes.length;
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        const pads = places.some(
          ({ start, length }) => at >= start + length && at < start + Math.ceil(length / 512) * 512,
        );
        const again = (await replay(changed, places, 1024)).shown;
        expect(again.headers === shown.headers && again.contents.join() === shown.contents.join()).toBe(pads);
      }),
      { numRuns: 60 },
    );
  });

  it('headers are the same bytes whether contents were looked at or passed over', async () => {
    await fc.assert(
      fc.asyncProperty(made, async (bytes) => {
        expect((await walk(bytes, false)).shown.headers).toBe((await walk(bytes, true)).shown.headers);
      }),
      { numRuns: 30 },
    );
  });

  it('more or fewer bytes than the walk saw are other headers', async () => {
    const bytes = archive({ name: 'a', content: 'x'.repeat(600) });
    const { places, shown } = await walk(bytes, true);
    const longer = Buffer.concat([bytes, Buffer.alloc(512)]);
    expect((await replay(longer, places, 512)).shown.headers).not.toBe(shown.headers);
    expect((await replay(bytes.subarray(0, -512), places, 512)).shown.headers).not.toBe(shown.headers);
  });
});
