// SPDX-License-Identifier: Apache-2.0
import { appOf, isAtStart, runsAtStartOf } from './at-start.js';
import { groupsOf } from './groups.js';
import { type Graph, likelyFrom, reachedFrom, usedIn } from './likely.js';
import { mergeUnits } from './merge-units.js';
import type { Pack } from './pack.js';
import type { Piece } from './piece.js';

/** The share of all roots from which on what runs when they start lies with the command: to open another file takes longer than to read it. */
const USUAL_AT_START = 1 / 8;

/**
 * What is loaded late and is no more than this, in bytes, lies with the command: esbuild makes such of what others import as well. What
 * of that runs as soon as it is loaded does too, where the command is known to load it when it starts.
 */
const TINY = 500;

/** The share of all roots from which on what they are likely to use later lies with the command's own. */
const USUAL = 1 / 3;

/**
 * Decides which pieces are in one file. What runs when a command starts lies with the entry, or with what is loaded late, that uses it;
 * of the rest, what one of those is likely to use lies together in a second file. What is usual for what is loaded late lies with the
 * first entry. In the file of an entry that runs as soon as it is loaded is nothing that another entry uses.
 * @param entries the pieces that are programs or scripts of their own, the command first
 * @param runsAtStart whether something in a piece runs when a command, or what is loaded late, starts
 * @returns each piece in one pack
 */
export function packsOf(
  pieces: readonly Piece[],
  entries: readonly string[],
  runsAtStart: (piece: Piece, starting: Piece | undefined, command: Piece | undefined) => boolean = runsIn,
): Pack[] {
  const bySpecifier = new Map(pieces.map((piece) => [piece.specifier, piece]));
  const late = new Set(pieces.flatMap((piece) => piece.late));
  const roots = [...entries, ...[...late].filter((specifier) => !entries.includes(specifier))];
  const isRoot = ({ specifier }: Piece) => roots.includes(specifier);
  const runs = (piece: Piece, root: string) =>
    runsAtStart(piece, bySpecifier.get(root), bySpecifier.get(entries[0] ?? ''));
  const isFirst = (piece: Piece) => !isRoot(piece) && roots.some((root) => runs(piece, root));
  const first = firstGroups(
    pieces.filter((piece) => isRoot(piece) || isFirst(piece)),
    { roots, entries, late, all: bySpecifier, runs },
  );
  const rest = restGroups(mergeUnits(pieces, isFirst, isRoot), { roots, late });
  const [command = ''] = entries;
  const canHold = bySpecifier.get(command)?.exports.length !== 0 || entries.length === 1;
  const app = appOf(bySpecifier.get(command)?.sources ?? []) ?? '';
  const isOwn = ({ sources }: Piece) => sources.some((source) => runsAtStartOf(source, app));
  const tiny = pieces
    .filter(
      ({ specifier, code }) =>
        canHold && late.has(specifier) && (first.get(specifier) ?? []).every(isOwn) && code.length <= TINY,
    )
    .map((root) => ({ root, held: [root, ...(first.get(root.specifier) ?? [])] }));
  const firsts = roots
    .filter((root) => !tiny.some(({ root: { specifier } }) => specifier === root))
    .map((root) => ({
      root,
      held: [...(first.get(root) ?? []), ...(root === command ? tiny.flatMap(({ held }) => held) : [])],
    }));
  return [
    ...firsts.map(({ root, held }) => packOf(root, held, bySpecifier.get(root), entries)),
    ...[...first]
      .filter(([place]) => !roots.includes(place))
      .map(([, held]) => packOf(held[0]?.specifier ?? '', held)),
    ...[...rest].map(([place, held]) =>
      packOf(roots.includes(place) ? place.replace(/\.js$/, '-more.js') : (held[0]?.specifier ?? ''), held),
    ),
  ];
}

/** What loads pieces, and all that there is. */
interface Roots {
  readonly roots: readonly string[];
  readonly late: ReadonlySet<string>;
}

/** Returns whether a piece runs when a lane starts by itself or, where what starts is no lane, when the command does. */
function runsIn({ sources }: Piece, starting: Piece | undefined, command: Piece | undefined): boolean {
  const app = appOf(starting?.sources ?? []) ?? appOf(command?.sources ?? []);
  return sources.some((source) => isAtStart(source, app));
}

/** What is in a bundle, and what of it runs when a root starts. */
interface Starting {
  readonly entries: readonly string[];
  readonly all: Graph['pieces'];
  runs(piece: Piece, root: string): boolean;
}

/** Groups what runs at start. @param pieces roots included */
function firstGroups(
  pieces: readonly Piece[],
  { roots, entries, late, all, runs }: Roots & Starting,
): ReadonlyMap<string, Piece[]> {
  const graph: Graph = { pieces: new Map(pieces.map((piece) => [piece.specifier, piece])), late };
  const reached = new Map(roots.map((root) => [root, reachedFrom(root, graph)]));
  const used = entries.map((entry) => usedIn(entry, all));
  const mayUse = (root: string, specifier: string) => reached.get(root)?.has(specifier) === true;
  const uses = (root: string, specifier: string) => {
    const piece = all.get(specifier);
    return mayUse(root, specifier) && piece !== undefined && runs(piece, root);
  };
  return groupsOf(
    pieces.filter(({ specifier }) => !roots.includes(specifier)),
    {
      roots,
      usual: Math.max(2, roots.length * USUAL_AT_START),
      wants: uses,
      mayUse,
      mayHold: (root, specifier) =>
        !entries.includes(root) ||
        all.get(root)?.exports.length !== 0 ||
        used.filter((each) => each.has(specifier)).length <= 1,
      reach: (root) => (entries.includes(root) ? undefined : reached.get(root)?.size),
      sizeOf: (root) => all.get(root)?.code.length ?? 0,
    },
  );
}

/** Groups what does not run at start, in whole units. */
function restGroups(
  units: ReturnType<typeof mergeUnits>,
  { roots, late }: Roots,
): ReadonlyMap<string, readonly Piece[]> {
  const graph: Graph = { pieces: units, late };
  const [command = ''] = roots;
  const withCommand = new Set(likelyFrom(command, graph, new Set()));
  const likely = new Map(
    roots.map((root) => [
      root,
      root === command ? withCommand : new Set(likelyFrom(root, graph, withCommand)),
    ]),
  );
  const reached = new Map(roots.map((root) => [root, reachedFrom(root, graph)]));
  const groups = groupsOf(
    [...units.values()].filter(({ specifier, parts }) => !roots.includes(specifier) && parts.length > 0),
    {
      roots,
      usual: Math.max(2, roots.length * USUAL),
      wants: (root, specifier) => likely.get(root)?.has(specifier) === true,
      mayUse: (root, specifier) => reached.get(root)?.has(specifier) === true,
      mayHold: () => true,
      reach: (root) => reached.get(root)?.size,
      sizeOf: () => 0,
    },
  );
  return new Map([...groups].map(([place, held]) => [place, held.flatMap(({ parts }) => parts)]));
}

/** Makes a pack, of the name of a piece. @param root the piece that is loaded by itself, where the pack is of one */
function packOf(name: string, held: readonly Piece[], root?: Piece, entries: readonly string[] = []): Pack {
  const file = name.replace(/^\.\//, '').replace(/\.js$/, '.cjs');
  if (root === undefined) return { file, pieces: held };
  return entries.includes(root.specifier)
    ? { file, entry: root, pieces: held }
    : { file, pieces: [root, ...held] };
}
