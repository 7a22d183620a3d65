// SPDX-License-Identifier: Apache-2.0
import type { Piece } from './piece.js';

/** How many may use a piece without being likely to, for it to lie with the one that is. */
const STRANGERS = 2;

/** What the file of something that is loaded late may hold for others to use as well, in bytes. */
const SMALL = 5_000;

/** Begins the name of a group, which is that of those that are likely to use it. */
const GROUP = 'group of ';

/** Who uses pieces: each root is a command, or something that is loaded late. */
export interface Users {
  /** The command first. */
  readonly roots: readonly string[];
  /** How many roots have to want a piece for it to lie with the command. */
  readonly usual: number;
  /** Returns whether a piece is likely to be used where a root is. */
  wants(root: string, specifier: string): boolean;
  /** Returns whether it may be. */
  mayUse(root: string, specifier: string): boolean;
  /** Returns whether a piece may lie with a root. */
  mayHold(root: string, specifier: string): boolean;
  /** Returns how much may be used where a root is; undefined for one that nothing may join for the sake of others. */
  reach(root: string): number | undefined;
  /** Returns the bytes of a root itself, as far as it lies with its group. */
  sizeOf(root: string): number;
}

/**
 * Groups pieces: each lies with the command where most use it, with the only one that does, or with others that the same use.
 * @returns the groups by the root that they lie with; those of no root by another name
 */
export function groupsOf<T extends Piece>(pieces: readonly T[], users: Users): ReadonlyMap<string, T[]> {
  const { roots, usual } = users;
  const [command = ''] = roots;
  const groups = new Map<string, T[]>();
  for (const piece of pieces) {
    const { specifier } = piece;
    const wanting = roots.filter((root) => users.wants(root, specifier));
    const isUsual = wanting.includes(command) || wanting.length >= usual;
    const place = isUsual && users.mayHold(command, specifier) ? command : placeOf(specifier, wanting, users);
    groups.set(place, [...(groups.get(place) ?? []), piece]);
  }
  joinGroups(groups, users);
  return groups;
}

/** Returns what a piece lies with that not most use: the only one that wants it, its group, or itself. */
function placeOf(specifier: string, wanting: readonly string[], users: Users): string {
  const [only] = wanting;
  if (only === undefined) return specifier;
  const using = users.roots.filter((root) => users.mayUse(root, specifier)).length;
  return wanting.length === 1 && using <= 1 + STRANGERS && users.mayHold(only, specifier)
    ? only
    : GROUP + wanting.join();
}

/**
 * Lays what several may use with one of those that are likely to, as long as that stays small: with the one that may use the least, as what
 * it uses of that is the most certain. The others read a little more, and open as many files.
 */
function joinGroups<T extends Piece>(groups: Map<string, T[]>, { reach, sizeOf: own }: Users): void {
  for (const [place, held] of [...groups].sort(([, a], [, b]) => sizeOf(b) - sizeOf(a))) {
    if (!place.startsWith(GROUP)) continue;
    const [root] = place
      .slice(GROUP.length)
      .split(',')
      .filter((each) => reach(each) !== undefined)
      .filter((each) => own(each) + sizeOf([...(groups.get(each) ?? []), ...held]) <= SMALL)
      .sort((a, b) => (reach(a) ?? 0) - (reach(b) ?? 0));
    if (root === undefined) continue;
    groups.set(root, [...(groups.get(root) ?? []), ...held]);
    groups.delete(place);
  }
}

const sizeOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { code }) => sum + code.length, 0);
