// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import type { ByteSource } from './source.js';

const CHUNK = 1 << 20;

/** Begins a sum. What it takes is loaded here, since most who import this package sum nothing. */
const sha256 = async () => (await import('node:crypto')).createHash('sha256');

/** How a pass over a source is watched and ended. */
export interface PassOptions {
  readonly onBytes: (count: number) => void;
  readonly signal: AbortSignal;
}

/** Reads a source from its first byte to its last; the pieces are good until the next is asked for. */
export async function* piecesOf(
  source: ByteSource,
  { onBytes, signal }: PassOptions,
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(CHUNK, source.size));
  for (let at = 0; at < source.size; at += buffer.length) {
    // Whoever pressed Ctrl-C is heard here.
    await setImmediate();
    signal.throwIfAborted();
    const piece = buffer.subarray(0, Math.min(buffer.length, source.size - at));
    source.readInto(piece, at);
    yield piece;
    onBytes(piece.length);
  }
}

/** Sums a source. Returns lower-case hexadecimal. */
export async function sumOf(source: ByteSource, options: PassOptions): Promise<string> {
  const hash = await sha256();
  for await (const piece of piecesOf(source, options)) hash.update(piece);
  return hash.digest('hex');
}

/** What came of holding bytes against those that they should be. */
export interface Comparison {
  /** Of what was found, in lower-case hexadecimal. */
  readonly sha256: string;
  /** The first byte that is another, or that one of both does not have; undefined where all are the same. */
  readonly differsAt: number | undefined;
}

/** Reads bytes once, sums them, and holds them against those that they should be. */
export async function compareBytes(
  found: ByteSource,
  expected: ByteSource,
  options: PassOptions,
): Promise<Comparison> {
  const hash = await sha256();
  let differsAt: number | undefined;
  let at = 0;
  for await (const piece of piecesOf(found, options)) {
    hash.update(piece);
    if (differsAt === undefined) {
      const other = new Uint8Array(Math.max(0, Math.min(piece.length, expected.size - at)));
      if (other.length > 0) expected.readInto(other, at);
      if (Buffer.compare(piece, other) !== 0) {
        const index = piece.findIndex((byte, place) => byte !== other[place]);
        differsAt = at + index;
      }
    }
    at += piece.length;
  }
  if (differsAt === undefined && at < expected.size) differsAt = at;
  return { sha256: hash.digest('hex'), differsAt };
}
