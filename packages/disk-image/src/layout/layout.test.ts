// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLayout, layoutChunks, layoutSource } from './layout.js';
import { bytesSource, readBytes } from './source.js';

/** Layouts of up to six pieces with holes between them. */
const layouts = fc
  .array(fc.tuple(fc.nat(50), fc.uint8Array({ maxLength: 100 })), { maxLength: 6 })
  .map((pieces) => {
    let end = 0;
    const extents = pieces.map(([hole, bytes]) => {
      const offset = end + hole;
      end = offset + bytes.length;
      return { offset, source: bytesSource(bytes) };
    });
    return createLayout(end + 7, extents);
  });

it('the pieces of a layout, each used before the next, are the image from start to end', () => {
  fc.assert(
    fc.property(layouts, fc.integer({ min: 1, max: 120 }), (layout, chunkSize) => {
      const image = Buffer.alloc(layout.size, 0xee);
      let at = 0;
      for (const chunk of layoutChunks(layout, chunkSize)) {
        if ('hole' in chunk) image.fill(0, at, at + chunk.hole);
        else {
          expect(chunk.length).toBeLessThanOrEqual(chunkSize);
          image.set(chunk, at);
        }
        at += 'hole' in chunk ? chunk.hole : chunk.length;
      }
      expect(at).toBe(layout.size);
      expect(image.equals(readBytes(layoutSource(layout), 0, layout.size))).toBe(true);
    }),
  );
});

it('a part of a layout is read into memory that held something else', () => {
  fc.assert(
    fc.property(layouts, fc.nat(), fc.nat(), (layout, from, length) => {
      const image = readBytes(layoutSource(layout), 0, layout.size);
      const begin = from % (layout.size + 1);
      const part = new Uint8Array(length % (layout.size - begin + 1)).fill(0xee);
      layoutSource(layout).readInto(part, begin);
      expect(Buffer.compare(part, image.subarray(begin, begin + part.length))).toBe(0);
    }),
  );
});

it('the pieces of a layout lie in one buffer, no larger than the largest of them', () => {
  const layout = createLayout(300, [
    { offset: 0, source: bytesSource(new Uint8Array(100)) },
    { offset: 100, source: bytesSource(new Uint8Array(200)) },
  ]);
  const buffers = new Set<ArrayBufferLike>();
  for (const chunk of layoutChunks(layout, 64)) if (!('hole' in chunk)) buffers.add(chunk.buffer);
  expect([...buffers].map(({ byteLength }) => byteLength)).toEqual([64]);
});
