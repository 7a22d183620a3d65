// SPDX-License-Identifier: Apache-2.0
import type { Piece } from './piece.js';

/** Pieces by how they are imported, and which of them are loaded late. */
export interface Graph {
  readonly pieces: ReadonlyMap<string, Piece>;
  readonly late: ReadonlySet<string>;
}

/**
 * What a piece may have of script to be packed with what uses it, in bytes, by how many steps it is away. To open a file takes Node as long
 * as to read 13 KB of script in one that it opens anyway, so a larger piece would have to be certain to be used; and each step makes it less so.
 */
const LARGEST = [Number.POSITIVE_INFINITY, 40_000, 12_000, 12_000];

/** What a file may hold besides its first piece, in bytes. */
const FULL = 80_000;

/** The share of what may be used somewhere that has to import a piece for that to be likely to be used, however far it is away. */
const COMMON = 1 / 5;

/**
 * Lists the pieces that are likely to be used where `root` is: ours that it imports in few steps, as long as they are small; the nearest first.
 * @param free what is there in any case, and counts as nothing
 */
export function likelyFrom(root: string, graph: Graph, free: ReadonlySet<string>): string[] {
  const { pieces, late } = graph;
  const reached = [...reachedFrom(root, graph)];
  const users = new Map<string, number>();
  for (const specifier of reached.flatMap((from) => pieces.get(from)?.imports ?? []))
    users.set(specifier, (users.get(specifier) ?? 0) + 1);
  const isCommon = (specifier: string) => (users.get(specifier) ?? 0) >= Math.max(3, reached.length * COMMON);
  const addedBy = (specifier: string) =>
    free.has(specifier) ? 0 : (pieces.get(specifier)?.code.length ?? 0);
  const found = new Set([root]);
  let held = 0;
  let layer = [root];
  for (let steps = 1; steps < LARGEST.length; steps++) {
    const next = [...new Set(layer.flatMap((from) => pieces.get(from)?.imports ?? []))]
      .filter((each) => !found.has(each) && !late.has(each) && pieces.get(each)?.isOurs === true)
      .sort((a, b) => Number(isCommon(b)) - Number(isCommon(a)) || addedBy(a) - addedBy(b));
    layer = [];
    for (const specifier of next) {
      const size = addedBy(specifier);
      const largest = (isCommon(specifier) ? LARGEST[1] : LARGEST[steps]) ?? 0;
      if (size > largest || held + size > FULL) continue;
      held += size;
      found.add(specifier);
      layer.push(specifier);
    }
  }
  found.delete(root);
  return [...found];
}

/** Lists the pieces that may be used where `root` is, itself included, but for what is loaded late. */
export function reachedFrom(root: string, { pieces, late }: Graph): Set<string> {
  const found = new Set([root]);
  // What is added meanwhile is gone through as well.
  for (const from of found) {
    for (const specifier of pieces.get(from)?.imports ?? []) if (!late.has(specifier)) found.add(specifier);
  }
  return found;
}

/** Lists the pieces that may be used in a process that begins with `entry`, itself included. */
export function usedIn(entry: string, pieces: Graph['pieces']): Set<string> {
  const found = new Set([entry]);
  for (const from of found) {
    const { imports = [], late = [] } = pieces.get(from) ?? {};
    for (const specifier of [...imports, ...late]) found.add(specifier);
  }
  return found;
}
