// SPDX-License-Identifier: Apache-2.0
import { EvidenceReportError } from '../error.js';
import { crc32, PNG_SIGNATURE } from './picture.js';

/** One chunk of a PNG file. */
export interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Makes the error about a picture. */
export const noPicture = (message: string, cause?: unknown) =>
  new EvidenceReportError('not-picture', message, {
    cause,
    fix: 'record the screen again, or leave the picture out',
  });

/**
 * Reads the chunks of a PNG file up to its end, each with its CRC (ISO/IEC 15948, 5.3). What follows the end is refused: it could
 * be another file.
 * @throws EvidenceReportError `not-picture`
 */
export function readChunks(bytes: Buffer): Chunk[] {
  if (!PNG_SIGNATURE.equals(bytes.subarray(0, PNG_SIGNATURE.length)))
    throw noPicture('has no signature of a PNG');
  const chunks: Chunk[] = [];
  for (let at = PNG_SIGNATURE.length; at < bytes.length; ) {
    if (at + 12 > bytes.length) throw noPicture('ends within a chunk');
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw noPicture('ends within a chunk');
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      throw noPicture(`has a chunk ${JSON.stringify(type)} with another CRC`);
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4) });
    at = end;
    if (type !== 'IEND') continue;
    if (end !== bytes.length) throw noPicture('goes on behind its end');
    return chunks;
  }
  throw noPicture('has no end');
}

/** Makes the bytes of a chunk. */
export function formatChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
  return chunk;
}
