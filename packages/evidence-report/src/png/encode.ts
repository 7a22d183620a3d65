// SPDX-License-Identifier: Apache-2.0
import { formatChunk } from './chunks.js';
import { deflateFixed } from './deflate.js';
import { type Picture, PNG_SIGNATURE } from './picture.js';

/**
 * Writes a picture as a PNG file: nothing but header, palette and pixels, and of the same pixels always the same bytes. A picture of
 * up to 256 colours, as the screen of a boot is, has a palette in the order in which they appear.
 */
export function encodePng({ width, height, pixels }: Picture): Buffer {
  const palette = paletteOf(pixels);
  const depth = palette === undefined ? 8 : depthFor(palette.size);
  const rowBytes = palette === undefined ? width * 3 : Math.ceil((width * depth) / 8);
  const rows = Buffer.alloc((rowBytes + 1) * height);
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1) + 1;
    if (palette === undefined) rows.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), start);
    else {
      for (let x = 0; x < width; x++) {
        const bit = x * depth;
        const at = start + (bit >> 3);
        const colour = palette.get(colourAt(pixels, (y * width + x) * 3)) ?? 0;
        rows[at] = (rows[at] ?? 0) | (colour << (8 - depth - (bit & 7)));
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, palette === undefined ? 2 : 3], 8);
  const colours = [...(palette?.keys() ?? [])].flatMap((colour) => [
    colour >> 16,
    (colour >> 8) & 255,
    colour & 255,
  ]);
  return Buffer.concat([
    PNG_SIGNATURE,
    formatChunk('IHDR', header),
    ...(palette === undefined ? [] : [formatChunk('PLTE', Uint8Array.from(colours))]),
    formatChunk('IDAT', deflateFixed(rows, rowBytes + 1)),
    formatChunk('IEND', Buffer.alloc(0)),
  ]);
}

const colourAt = (pixels: Uint8Array, at: number) =>
  ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0);

/** Returns the number of each colour; undefined for more than a palette holds. */
function paletteOf(pixels: Uint8Array): Map<number, number> | undefined {
  const palette = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = colourAt(pixels, at);
    if (palette.has(colour)) continue;
    if (palette.size === 256) return undefined;
    palette.set(colour, palette.size);
  }
  return palette;
}

/** Returns the fewest bits that tell so many colours apart. */
function depthFor(colours: number): 1 | 2 | 4 | 8 {
  if (colours <= 2) return 1;
  if (colours <= 4) return 2;
  return colours <= 16 ? 4 : 8;
}
