// SPDX-License-Identifier: Apache-2.0
import { type Graph, likelyFrom, reachedFrom, usedIn } from './likely.js';
import type { Pack } from './pack.js';
import type { Piece } from './piece.js';

/** The share of all that is loaded late from which on a piece lies with the command itself. */
const USUAL = 1 / 3;

/** How many may use a piece without being likely to, for it to lie with the one that is. */
const STRANGERS = 2;

/** What the file of something that is loaded late may hold for others to use as well, in bytes. */
const SMALL = 5_000;

/** Begins the name of a group, which is that of those that are likely to use it. */
const GROUP = 'group of ';

/**
 * Decides which pieces are in one file: what is likely to be used together by an entry, or by what is loaded late. What is usual for what is
 * loaded late lies with the first entry. In the file of an entry that runs as soon as it is loaded is nothing that another entry uses.
 * @param entries the pieces that are programs or scripts of their own, the command first
 * @returns each piece in one pack
 */
export function packsOf(pieces: readonly Piece[], entries: readonly string[]): Pack[] {
  const bySpecifier = new Map(pieces.map((piece) => [piece.specifier, piece]));
  const graph: Graph = { pieces: bySpecifier, late: new Set(pieces.flatMap((piece) => piece.late)) };
  const roots = [...entries, ...[...graph.late].filter((specifier) => !entries.includes(specifier))];
  const [command = ''] = entries;
  const withCommand = new Set(likelyFrom(command, graph, new Set()));
  const likely = new Map(
    roots.map((root) => [
      root,
      root === command ? withCommand : new Set(likelyFrom(root, graph, withCommand)),
    ]),
  );
  const reached = new Map(roots.map((root) => [root, reachedFrom(root, graph)]));
  const used = entries.map((entry) => usedIn(entry, bySpecifier));
  const groups = new Map<string, Piece[]>(roots.map((root) => [root, []]));
  for (const piece of pieces) {
    const { specifier } = piece;
    if (groups.has(specifier)) continue;
    const isLent = used.filter((each) => each.has(specifier)).length > 1;
    const holds = (root: string) =>
      !(isLent && entries.includes(root) && bySpecifier.get(root)?.exports.length === 0);
    const wanting = roots.filter((root) => likely.get(root)?.has(specifier) === true);
    const using = roots.filter((root) => reached.get(root)?.has(specifier) === true).length;
    const isUsual = wanting.includes(command) || wanting.length >= Math.max(2, roots.length * USUAL);
    const place = isUsual && holds(command) ? command : placeOf(specifier, wanting, using, holds);
    groups.set(place, [...(groups.get(place) ?? []), piece]);
  }
  joinGroups(groups, bySpecifier, (root) =>
    entries.includes(root) ? undefined : (reached.get(root)?.size ?? 0),
  );
  return [...groups].map(([place, held]) => {
    const root = bySpecifier.get(place);
    if (root !== undefined && entries.includes(place))
      return { file: fileOf(place), entry: root, pieces: held };
    const all = root === undefined || held.includes(root) ? held : [root, ...held];
    return { file: fileOf((root ?? all[0] ?? { specifier: place }).specifier), pieces: all };
  });
}

/** Returns what a piece lies with that not most use: the only one that wants it, its group, or itself. */
function placeOf(
  specifier: string,
  wanting: readonly string[],
  using: number,
  holds: (root: string) => boolean,
): string {
  const [only] = wanting;
  if (only === undefined) return specifier;
  return wanting.length === 1 && using <= 1 + STRANGERS && holds(only) ? only : GROUP + wanting.join();
}

/**
 * Lays what several may use with one of those that are likely to, as long as that stays small: with the one that may use the least, as what
 * it uses of that is the most certain. The others read a little more, and open as many files.
 * @param reach how much may be used where that root is; undefined for one that nothing may join
 */
function joinGroups(
  groups: Map<string, Piece[]>,
  pieces: ReadonlyMap<string, Piece>,
  reach: (root: string) => number | undefined,
): void {
  for (const [place, held] of [...groups].sort(([, a], [, b]) => sizeOf(b) - sizeOf(a))) {
    if (!place.startsWith(GROUP)) continue;
    const [root] = place
      .slice(GROUP.length)
      .split(',')
      .filter((each) => reach(each) !== undefined)
      .filter((each) => sizeOf([pieces.get(each), ...(groups.get(each) ?? []), ...held]) <= SMALL)
      .sort((a, b) => (reach(a) ?? 0) - (reach(b) ?? 0));
    if (root === undefined) continue;
    groups.set(root, [...(groups.get(root) ?? []), ...held]);
    groups.delete(place);
  }
}

const sizeOf = (pieces: readonly (Piece | undefined)[]) =>
  pieces.reduce((sum, piece) => sum + (piece?.code.length ?? 0), 0);

const fileOf = (specifier: string) => specifier.replace(/^\.\//, '').replace(/\.js$/, '.cjs');
