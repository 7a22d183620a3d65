// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, readBytes } from '../layout/source.js';

/** Reads the bytes at `offset`, up to `length` of them: fewer, or none, where the source ends before. */
export function peek(source: ByteSource, offset: number, length: number): Buffer {
  if (!(offset >= 0 && offset < source.size)) return Buffer.alloc(0);
  const bytes = readBytes(source, offset, Math.min(length, source.size - offset));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Returns whether `bytes` hold `text`, a byte for each character, at `offset`. */
export const hasText = (bytes: Buffer, offset: number, text: string) =>
  bytes.length >= offset + text.length && bytes.toString('latin1', offset, offset + text.length) === text;

/** Returns whether `bytes` begin with these values. */
export const startsWith = (bytes: Buffer, ...values: readonly number[]) =>
  bytes.length >= values.length && values.every((value, index) => bytes[index] === value);

/** Reads the text of a field of single bytes, up to its first NUL. */
export const fieldText = (bytes: Buffer, offset: number, length: number) =>
  (bytes.toString('latin1', offset, offset + length).split('\0', 1)[0] ?? '').trimEnd();

/** Reads sixteen bytes as the text of a UUID, in reading order and lower case. */
export const uuidOf = (bytes: Buffer, offset: number) =>
  bytes.toString('hex', offset, offset + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
