// SPDX-License-Identifier: Apache-2.0
import type { Piece } from './piece.js';
import { unitOf } from './units.js';

/** Pieces as one, which are read together or not at all. */
export interface Merged extends Piece {
  readonly parts: readonly Piece[];
}

/**
 * Merges, of units of which some pieces run when a command starts, those that do not: they are as likely to be used as the others of
 * their unit, and that is known of a unit alone.
 * @param isFirst whether a piece is one of those that run then; such a piece counts as nothing to be read
 * @param isRoot whether a piece is loaded by itself
 * @returns all pieces, by what they are called afterwards; what they import are the merged ones
 */
export function mergeUnits(
  pieces: readonly Piece[],
  isFirst: (piece: Piece) => boolean,
  isRoot: (piece: Piece) => boolean,
): ReadonlyMap<string, Merged> {
  const unitOfPiece = ({ sources }: Piece) => sources.map((source) => unitOf(`/${source}`)).find(Boolean);
  const split = new Set(pieces.filter(isFirst).map(unitOfPiece));
  const names = new Map(
    pieces.map((piece) => {
      const unit = isRoot(piece) ? undefined : unitOfPiece(piece);
      return [piece.specifier, unit !== undefined && split.has(unit) ? unit : piece.specifier];
    }),
  );
  const parts = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const name = names.get(piece.specifier) ?? piece.specifier;
    parts.set(name, [...(parts.get(name) ?? []), piece]);
  }
  const renamed = (specifiers: readonly string[]) => [
    ...new Set(specifiers.map((each) => names.get(each) ?? each)),
  ];
  return new Map(
    [...parts].map(([specifier, held]): [string, Merged] => {
      const [first] = held;
      if (first === undefined) throw new Error(`${specifier}: nothing is in it`);
      const read = held.filter((piece) => !isFirst(piece));
      const merged = {
        ...first,
        specifier,
        code: read.map(({ code }) => code).join(''),
        imports: renamed(held.flatMap(({ imports }) => imports)).filter((each) => each !== specifier),
        late: renamed(held.flatMap(({ late }) => late)),
        isOurs: held.every(({ isOurs }) => isOurs),
        parts: read,
      };
      return [specifier, merged];
    }),
  );
}
