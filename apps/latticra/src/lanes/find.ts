// SPDX-License-Identifier: Apache-2.0
import type { LaneEntry } from './entry.js';

/** Families whose lanes are called without the family's name where nothing else is called that. */
const FAMILIES = ['os-image-', 'evidence-'];

/** Returns the short name of a lane, such as `inspect` of `os-image-inspect`; undefined where it has none of its own. */
export function shortNameOf(
  { name }: LaneEntry,
  lanes: readonly LaneEntry[],
  commands: readonly { readonly name: string }[],
): string | undefined {
  const short = shorten(name);
  if (short === undefined) return undefined;
  const isTaken =
    [...lanes, ...commands].some((other) => other.name === short) ||
    lanes.some((other) => other.name !== name && shorten(other.name) === short);
  return isTaken ? undefined : short;
}

function shorten(name: string): string | undefined {
  const family = FAMILIES.find((prefix) => name.startsWith(prefix));
  return family === undefined ? undefined : name.slice(family.length);
}

/** Finds the lane that a word means: its name, its short name, or the long one that its own package gives it. */
export function findLane(
  word: string,
  lanes: readonly LaneEntry[],
  commands: readonly { readonly name: string }[],
): LaneEntry | undefined {
  const named = lanes.find(({ name, bin }) => name === word || bin === word);
  if (named !== undefined) return named;
  // Only these could be called that for short.
  const full = FAMILIES.map((family) => family + word);
  return lanes.find((lane) => full.includes(lane.name) && shortNameOf(lane, lanes, commands) === word);
}
