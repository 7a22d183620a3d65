// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLayout, layoutSource } from './layout.js';
import { layoutPieces } from './pieces.js';
import { type ByteSource, bytesSource, readBytes } from './source.js';

const layouts = fc
  .array(fc.tuple(fc.oneof(fc.nat(20), fc.integer({ min: 4000, max: 4200 }), fc.nat(20_000)), fc.nat(9000)), {
    maxLength: 8,
  })
  .map((parts) => {
    let end = 0;
    const extents = parts.map(([hole, length], index) => {
      const offset = end + hole;
      end = offset + length;
      return { offset, source: bytesSource(new Uint8Array(length).fill(index + 1)) };
    });
    return createLayout(end + 10, extents);
  });

it('the pieces of an image hold all of its content in order, and no hole that a block fits into', () => {
  fc.assert(
    fc.property(layouts, fc.integer({ min: 100, max: 5000 }), (layout, size) => {
      const found = new Uint8Array(layout.size);
      let end = 0;
      let start = 0;
      let content = 0;
      let full = true;
      for (const piece of layoutPieces(layout, () => new Uint8Array(size).fill(0xee))) {
        expect(piece.at).toBeGreaterThanOrEqual(end);
        // A piece ends where a multiple of its memory does, where the gap behind it passes that, or at a hole.
        expect(full || piece.at >= start - (start % size) + size || piece.at - end >= 4096).toBe(true);
        start = piece.at;
        expect((piece.at % size) + piece.bytes.length).toBeLessThanOrEqual(size);
        found.set(piece.bytes, piece.at);
        end = piece.at + piece.bytes.length;
        content += piece.content;
        full = end % size === 0;
      }
      expect(Buffer.from(found).equals(readBytes(layoutSource(layout), 0, layout.size))).toBe(true);
      expect(content).toBe(layout.extents.reduce((sum, { source }) => sum + source.size, 0));
    }),
    { numRuns: 60 },
  );
});

it('extents that lie close together are one piece, with zeros between, and a hole of a block divides two', () => {
  const filled = (offset: number) => ({ offset, source: bytesSource(Uint8Array.of(7, 7)) });
  const layout = createLayout(20_000, [filled(1), filled(10), filled(10 + 2 + 4095), filled(9000)]);
  const pieces = Array.from(
    layoutPieces(layout, () => new Uint8Array(1 << 16)),
    ({ at, bytes, content }) => [at, bytes.length, content],
  );
  expect(pieces).toEqual([
    [1, 4108, 6],
    [9000, 2, 2],
  ]);
});

it('memory is asked for when the piece before was taken, and not ahead', () => {
  const layout = createLayout(100, [{ offset: 0, source: bytesSource(new Uint8Array(100)) }]);
  let asked = 0;
  const pieces = layoutPieces(layout, () => {
    asked++;
    return new Uint8Array(10);
  });
  for (let index = 1; index <= 10; index++) {
    expect(pieces.next().done).toBe(false);
    expect(asked).toBe(index);
  }
  expect(pieces.next().done).toBe(true);
});

/** A source of `size` bytes of `value` that another thread reads, and what it was asked for. */
function aside(size: number, value: number, read = async (into: Uint8Array) => void into.fill(value)) {
  const asked: [number, number][] = [];
  const source: ByteSource = {
    size,
    readInto: (into) => into.fill(value),
    read(into, offset) {
      asked.push([offset, into.length]);
      return read(into);
    },
  };
  return { source, asked };
}

const MIB = 1 << 20;

it('what another thread can read is left to it when it is told to, and small parts are read at once', async () => {
  const [large, small] = [aside(3 * MIB, 1), aside(1000, 2)];
  const layout = createLayout(4 * MIB, [
    { offset: 0, source: large.source },
    { offset: 3 * MIB, source: small.source },
    { offset: 3 * MIB + 1000, source: bytesSource(new Uint8Array(MIB - 1000).fill(3)) },
  ]);
  const found = new Uint8Array(layout.size);
  const rests: boolean[] = [];
  for (const { at, bytes, readRest } of layoutPieces(layout, () => new Uint8Array(2 * MIB))) {
    expect(large.asked.length).toBe(rests.length);
    await readRest?.();
    rests.push(readRest !== undefined);
    found.set(bytes, at);
  }
  expect(large.asked).toEqual([
    [0, 2 * MIB],
    [2 * MIB, MIB],
  ]);
  expect([small.asked, rests]).toEqual([[], [true, true]]);
  expect(Buffer.from(found).equals(readBytes(layoutSource(layout), 0, layout.size))).toBe(true);
});

it('a part that another thread cannot read is told of when all others have ended', async () => {
  let ended = false;
  const broken = aside(MIB, 1, () => Promise.reject(new Error('cannot be read')));
  const slow = aside(MIB, 2, async () => {
    await setTimeout(20);
    ended = true;
  });
  const layout = createLayout(2 * MIB, [
    { offset: 0, source: broken.source },
    { offset: MIB, source: slow.source },
  ]);
  const [piece] = [...layoutPieces(layout, () => new Uint8Array(2 * MIB))];
  await expect(piece?.readRest?.()).rejects.toThrow('cannot be read');
  expect(ended).toBe(true);
});
