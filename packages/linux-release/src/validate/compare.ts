// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { ByteSource } from '@latticra/disk-image';
import { type PassOptions, piecesOf } from '../build/inputs.js';

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
  const hash = createHash('sha256');
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
