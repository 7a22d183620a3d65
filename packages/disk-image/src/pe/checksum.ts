// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';
import { chunksOf } from './chunks.js';
import type { PeHeaders } from './pe.js';

const FIELD_SIZE = 4;

/**
 * Adds up the little-endian 16-bit words of a run of bytes, for {@link foldChecksum}. The run begins at an even place of
 * the file; an odd last byte counts as a word.
 */
export function sumWords(bytes: Uint8Array): number {
  let sum = 0;
  // Two words at a time where memory is aligned for it: twice as fast, and a file may be of a gibibyte.
  const whole = bytes.length & ~1;
  if (bytes.byteOffset % 2 === 0 && LITTLE_ENDIAN) {
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset, whole >> 1);
    for (let index = 0; index < words.length; index++) sum += words[index] ?? 0;
  } else {
    for (let index = 0; index < whole; index += 2)
      sum += (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8);
  }
  return whole < bytes.length ? sum + (bytes[whole] ?? 0) : sum;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Returns the check sum of a PE file: the sum of its words, carries added in again, and its length. */
export function foldChecksum(sum: number, fileSize: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x1_0000) + Math.floor(folded / 0x1_0000);
  return (folded + fileSize) >>> 0;
}

/** Computes the check sum that a program should have, over the whole file with the field itself as zeros. */
export function peChecksum(source: ByteSource, { places }: PeHeaders): number {
  let sum = 0;
  for (const chunk of chunksOf(source, 0, places.checksum)) sum += sumWords(chunk);
  for (const chunk of chunksOf(source, places.checksum + FIELD_SIZE, source.size)) sum += sumWords(chunk);
  return foldChecksum(sum, source.size);
}
