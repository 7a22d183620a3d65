// SPDX-License-Identifier: Apache-2.0
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EvidenceReportError } from '../error.js';
import { formatChunk } from './chunks.js';
import { decodePng } from './decode.js';
import { encodePng } from './encode.js';
import { type Picture, PNG_SIGNATURE } from './picture.js';

const picture = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 20 }),
    colours: fc.integer({ min: 1, max: 300 }),
  })
  .chain(({ width, height, colours }) =>
    fc
      .array(fc.integer({ min: 0, max: colours - 1 }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map(
        (indexes): Picture => ({
          width,
          height,
          pixels: Uint8Array.from(indexes.flatMap((index) => [index & 255, (index * 7) & 255, index >> 8])),
        }),
      ),
  );

const file = (header: readonly number[], data: Uint8Array, extra: readonly Buffer[] = []) =>
  Buffer.concat([
    PNG_SIGNATURE,
    formatChunk('IHDR', Uint8Array.from(header)),
    ...extra,
    formatChunk('IDAT', deflateSync(data)),
    formatChunk('IEND', Buffer.alloc(0)),
  ]);
const header = (width: number, height: number, depth: number, colour: number, interlace = 0) => [
  ...[0, 0, 0, width],
  ...[0, 0, height >> 8, height & 255],
  ...[depth, colour, 0, 0, interlace],
];

it('a picture that was written is read back pixel by pixel, and written again the same', () => {
  fc.assert(
    fc.property(picture, (given) => {
      const bytes = encodePng(given);
      const read = decodePng(bytes);
      expect(read).toEqual(given);
      expect(encodePng(read).equals(bytes)).toBe(true);
    }),
  );
});

it('a picture of more than 256 colours keeps them all', () => {
  const pixels = Uint8Array.from({ length: 40 * 40 * 3 }, (_, index) => (index * 2654435761) >>> 24);
  expect(decodePng(encodePng({ width: 40, height: 40, pixels })).pixels).toEqual(pixels);
});

it('a black screen takes next to nothing', () => {
  const given = { width: 1280, height: 800, pixels: new Uint8Array(1280 * 800 * 3) };
  expect(encodePng(given).length).toBeLessThan(2000);
});

it('every filter of a row is undone', () => {
  const rows = Uint8Array.from([
    1, 1, 2, 3, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 3, 2, 2, 2, 0, 0, 0, 4, 1, 1, 1, 5, 5, 5,
  ]);
  const { pixels } = decodePng(file(header(2, 4, 8, 2), rows));
  expect([...pixels]).toEqual([
    ...[1, 2, 3, 2, 3, 4],
    ...[2, 3, 4, 3, 4, 5],
    ...[3, 3, 4, 3, 3, 4],
    ...[4, 4, 5, 9, 9, 10],
  ]);
});

it.each([
  ['grey of one bit', header(8, 1, 1, 0), [0, 0b10100000], [255, 0, 255]],
  ['grey of 16 bits', header(1, 1, 16, 0), [0, 200, 7], [200]],
  ['grey with alpha', header(1, 1, 8, 4), [0, 9, 3], [9]],
  ['colours with alpha', header(1, 1, 8, 6), [0, 1, 2, 3, 4], undefined],
] as const)('%s is read', (_, head, data, red) => {
  const { pixels } = decodePng(file(head, Uint8Array.from(data)));
  if (red === undefined) expect([...pixels]).toEqual([1, 2, 3]);
  else expect(red.map((_, index) => pixels[index * 3])).toEqual(red);
});

const good = encodePng({ width: 2, height: 2, pixels: new Uint8Array(12) });
const flipped = Buffer.from(good);
flipped[20] = 9;
it.each([
  ['text', Buffer.from('<svg onload=alert(1)>'), 'signature'],
  ['a picture with something behind it', Buffer.concat([good, Buffer.from('<script>')]), 'behind its end'],
  ['a picture that is cut off', good.subarray(0, 40), 'ends within a chunk'],
  ['a picture without an end', good.subarray(0, good.length - 12), 'no end'],
  ['a changed byte', flipped, 'CRC'],
  ['an interlaced picture', file(header(1, 1, 8, 0, 1), new Uint8Array(2)), 'interlaced'],
  ['a picture of no width', file(header(0, 1, 8, 0), new Uint8Array(2)), '0 by 1'],
  ['one that is too high', file(header(1, 4097, 8, 0), new Uint8Array(2)), '4097'],
  ['a depth that does not exist', file(header(1, 1, 3, 0), new Uint8Array(2)), 'means nothing'],
  ['too few pixels', file(header(4, 4, 8, 0), new Uint8Array(2)), 'bytes of pixels'],
  ['too many pixels', file(header(1, 1, 8, 0), new Uint8Array(200)), 'unpacked'],
  ['a filter that does not exist', file(header(1, 1, 8, 0), Uint8Array.from([9, 1])), 'filter 9'],
  ['no palette', file(header(1, 1, 8, 3), new Uint8Array(2)), 'no palette'],
  [
    'a colour beyond the palette',
    file(header(1, 1, 8, 3), Uint8Array.from([0, 1]), [formatChunk('PLTE', new Uint8Array(3))]),
    'palette has not',
  ],
])('%s is no picture', (_, bytes, reason) => {
  expect(() => decodePng(bytes)).toThrow(reason);
  expect(() => decodePng(bytes)).toThrow(EvidenceReportError);
});

it('a picture with any byte changed is refused or read, and nothing else happens', () => {
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ change;
      expect(() => decodePng(bytes)).toThrow(EvidenceReportError);
    }),
  );
});
