// SPDX-License-Identifier: Apache-2.0
import { inflateSync } from 'node:zlib';
import { noPicture, readChunks } from './chunks.js';
import { CHANNELS, MAX_SIDE, type Picture } from './picture.js';
import { unfilter } from './unfilter.js';

/** The facts in the header of a PNG file (11.2.2). */
interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
}

/** The bit depths that each colour type may have. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * Reads the pixels of a PNG file (ISO/IEC 15948) that is not interlaced. Alpha is left out: a screen has none.
 * @throws EvidenceReportError `not-picture` for anything else, and for a side of more than {@link MAX_SIDE}
 */
export function decodePng(bytes: Buffer): Picture {
  const chunks = readChunks(bytes);
  const header = readHeader(chunks[0]?.type === 'IHDR' ? chunks[0].data : Buffer.alloc(0));
  const { width, height, depth, colour } = header;
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data;
  if (colour === 3 && (palette === undefined || palette.length === 0 || palette.length % 3 !== 0))
    throw noPicture('has no palette');
  const channels = CHANNELS[colour] ?? 0;
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = unfilter(
    inflate(packed, (rowBytes + 1) * height),
    rowBytes,
    Math.max(1, (channels * depth) >> 3),
  );
  return { width, height, pixels: toRgb(rows, header, rowBytes, palette) };
}

function readHeader(data: Buffer): Header {
  if (data.length !== 13) throw noPicture('has no header');
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const [depth = 0, colour = 0, compression, filter, interlace] = data.subarray(8);
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    throw noPicture(`has ${width} by ${height} pixels, expected 1 to ${MAX_SIDE} each way`);
  if (DEPTHS[colour]?.includes(depth) !== true || compression !== 0 || filter !== 0)
    throw noPicture('has a header that means nothing');
  if (interlace !== 0) throw noPicture('is interlaced');
  return { width, height, depth, colour };
}

function inflate(packed: Buffer, length: number): Buffer {
  let bytes: Buffer;
  try {
    bytes = inflateSync(packed, { maxOutputLength: length });
  } catch (cause) {
    throw noPicture('has data that cannot be unpacked', cause);
  }
  if (bytes.length !== length) throw noPicture(`has ${bytes.length} bytes of pixels, expected ${length}`);
  return bytes;
}

function toRgb(
  rows: Buffer,
  { width, height, depth, colour }: Header,
  rowBytes: number,
  palette?: Buffer,
): Uint8Array {
  const channels = CHANNELS[colour] ?? 0;
  const pixels = new Uint8Array(width * height * 3);
  const scale = 255 / (2 ** Math.min(depth, 8) - 1);
  /** Returns a sample of a row: of 16 bits the upper 8. */
  const sample = (row: number, index: number) => {
    const bit = index * depth;
    const byte = rows[row * rowBytes + (bit >> 3)] ?? 0;
    return depth >= 8 ? byte : (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      for (let part = 0; part < 3; part++) {
        const value = sample(y, x * channels + (channels < 3 ? 0 : part));
        if (palette === undefined || colour !== 3) pixels[at + part] = Math.round(value * scale);
        else if (value * 3 + 3 > palette.length) throw noPicture('names a colour that its palette has not');
        else pixels[at + part] = palette[value * 3 + part] ?? 0;
      }
    }
  }
  return pixels;
}
