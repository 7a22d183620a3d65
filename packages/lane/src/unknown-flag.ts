// SPDX-License-Identifier: Apache-2.0
import { isPlainText, quoteText } from '@latticra/evidence-format';
import { LaneError } from './error.js';
import type { FlagSpecs } from './flag-specs.js';

/** The longest flag that a message shows as it is. */
const MAX_SHOWN = 60;

/** Makes the error about a flag that a lane does not have. @param rawName as it was given, dashes included */
export function unknownFlag(name: string, rawName: string, specs: FlagSpecs): LaneError {
  return new LaneError('usage', `unknown flag ${showFlag(rawName)}${suggestion(name, specs)}`);
}

/** Returns an unknown flag for a message. */
function showFlag(flag: string): string {
  return flag.length > MAX_SHOWN || !isPlainText(flag) ? quoteText(flag) : flag;
}

/**
 * Returns the end of an error about an unknown flag: the known flag with a typing slip, an abbreviation or
 * something appended, else a hint at `--help`.
 */
function suggestion(name: string, specs: FlagSpecs): string {
  const known = Object.keys(specs).sort((a, b) => b.length - a.length);
  const close =
    known.find((candidate) => isOneSlip(name, candidate)) ??
    known.find((candidate) => candidate.startsWith(name) || name.startsWith(candidate));
  return close === undefined ? '; see --help' : `; did you mean --${close}?`;
}

/** Returns whether two names differ by one letter added, missing or changed, or by two neighbours swapped. */
function isOneSlip(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0])
  );
}
