// SPDX-License-Identifier: Apache-2.0
import type { Pack } from './pack.js';
import type { Piece } from './piece.js';

/**
 * What a piece may have of script to be packed with what uses it, in bytes, by how many steps it is away. To open a file takes Node as long
 * as to read 13 KB of script in one that it opens anyway, so a larger piece would have to be certain to be used; and each step makes it less so.
 */
const LARGEST = [Number.POSITIVE_INFINITY, 40_000, 16_000, 4_000];

/** What a file may hold besides its first piece, in bytes. */
const FULL = 60_000;

/** The share of all that is loaded late from which on a piece lies with the command itself. */
const USUAL = 1 / 3;

/** How many may use a piece without being likely to, for it to lie with the one that is. */
const STRANGERS = 2;

/**
 * Decides which pieces are in one file: what is likely to be used together. Those are the pieces that an entry, or what is imported late,
 * imports in few steps, as long as they are small. What is usual for what is imported late lies with the first entry.
 * @param entries the pieces that are programs or scripts of their own, the command first
 * @returns each piece in one pack
 */
export function packsOf(pieces: readonly Piece[], entries: readonly string[]): Pack[] {
  const bySpecifier = new Map(pieces.map((piece) => [piece.specifier, piece]));
  const late = new Set(pieces.flatMap((piece) => piece.late));
  const roots = [...entries, ...[...late].filter((specifier) => !entries.includes(specifier))];
  const wantedBy = new Map<string, string[]>();
  const withCommand = new Set<string>();
  for (const root of roots) {
    const wantedHere = wantedFrom(root, { pieces: bySpecifier, late, free: withCommand });
    if (root === entries[0]) for (const wanted of wantedHere) withCommand.add(wanted);
    for (const wanted of wantedHere) wantedBy.set(wanted, [...(wantedBy.get(wanted) ?? []), root]);
  }
  const reachedBy = new Map<string, number>();
  for (const root of roots) {
    for (const reached of reachedFrom(root, bySpecifier, late))
      reachedBy.set(reached, (reachedBy.get(reached) ?? 0) + 1);
  }
  const groups = new Map<string, Piece[]>(roots.map((root) => [root, []]));
  for (const piece of pieces) {
    if (groups.has(piece.specifier)) continue;
    const wanting = wantedBy.get(piece.specifier) ?? [];
    const isShared = (reachedBy.get(piece.specifier) ?? 0) > wanting.length + STRANGERS;
    const place = placeOf(piece, isShared && wanting.length === 1 ? [] : wanting, entries, roots.length);
    groups.set(place, [...(groups.get(place) ?? []), piece]);
  }
  return [...groups].map(([place, held]) => {
    const root = bySpecifier.get(place);
    if (root !== undefined && entries.includes(place))
      return { file: fileOf(place), entry: root, pieces: held };
    const all = root === undefined || held.includes(root) ? held : [root, ...held];
    return { file: fileOf((root ?? all[0] ?? { specifier: place }).specifier), pieces: all };
  });
}

const fileOf = (specifier: string) => specifier.replace(/^\.\//, '').replace(/\.js$/, '.cjs');

/** Returns what a piece lies with: that of a root, of a group, or its own name. */
function placeOf(
  piece: Piece,
  wanting: readonly string[],
  entries: readonly string[],
  roots: number,
): string {
  const [command = ''] = entries;
  const [only] = wanting;
  if (wanting.includes(command) || wanting.length >= Math.max(2, roots * USUAL)) return command;
  if (wanting.length === 1 && only !== undefined) return only;
  return wanting.length === 0 ? piece.specifier : `group of ${wanting.join()}`;
}

interface Bundle {
  readonly pieces: ReadonlyMap<string, Piece>;
  /** What is loaded late. */
  readonly late: ReadonlySet<string>;
  /** What is there in any case, and counts as nothing. */
  readonly free: ReadonlySet<string>;
}

/** Lists the pieces that are likely to be used where `root` is, the nearest first. */
function wantedFrom(root: string, { pieces, late, free }: Bundle): string[] {
  const found = new Set([root]);
  let held = 0;
  let layer = [root];
  for (let steps = 1; steps < LARGEST.length; steps++) {
    const next = [...new Set(layer.flatMap((from) => pieces.get(from)?.imports ?? []))].filter(
      (specifier) => !found.has(specifier) && !late.has(specifier) && pieces.get(specifier)?.isOurs === true,
    );
    const sizeOf = (specifier: string) =>
      free.has(specifier) ? 0 : (pieces.get(specifier)?.code.length ?? 0);
    layer = [];
    for (const specifier of next.sort((a, b) => sizeOf(a) - sizeOf(b))) {
      const size = sizeOf(specifier);
      if (size > (LARGEST[steps] ?? 0) || held + size > FULL) continue;
      held += size;
      found.add(specifier);
      layer.push(specifier);
    }
  }
  found.delete(root);
  return [...found];
}

/** Lists the pieces that may be used where `root` is, but for what is loaded late. */
function reachedFrom(
  root: string,
  pieces: ReadonlyMap<string, Piece>,
  late: ReadonlySet<string>,
): Set<string> {
  const found = new Set([root]);
  // What is added meanwhile is gone through as well.
  for (const from of found) {
    for (const specifier of pieces.get(from)?.imports ?? []) if (!late.has(specifier)) found.add(specifier);
  }
  return found;
}
