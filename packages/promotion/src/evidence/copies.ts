// SPDX-License-Identifier: Apache-2.0
import type { Piece } from './piece.js';

/**
 * Returns each file once, in their order: of copies the first one that is `preferred`, for a signature may lie beside any of them.
 */
export function distinctFiles<P extends Piece>(
  pieces: Iterable<P>,
  isPreferred: (piece: P) => boolean,
): readonly P[] {
  const found = new Map<string, P>();
  for (const piece of pieces) {
    const there = found.get(piece.sha256);
    if (there === undefined || (!isPreferred(there) && isPreferred(piece))) found.set(piece.sha256, piece);
  }
  return [...found.values()];
}
