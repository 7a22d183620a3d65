// SPDX-License-Identifier: Apache-2.0

/** A source map, as far as it is needed here (ECMA-426). */
export interface SourceMap {
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** The source map of a part of a file. */
export interface Part {
  /** The line that it begins at, counted from 0. */
  readonly line: number;
  readonly map: SourceMap;
}

/** What was taken away within a line, and no segment points into. */
export interface Cut {
  /** Counted from 0. */
  readonly line: number;
  /** Where it ended. */
  readonly column: number;
  readonly by: number;
}

/** A number in mappings: where its digits are, and what it is. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** A segment's numbers: the column, the source, the line and the column there, and the name. Each but the first column of a line counts on from the one before. */
const FIELDS = 5;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGIT_OF = new Int8Array(128).fill(-1);
for (const [value, character] of [...DIGITS].entries()) DIGIT_OF[character.charCodeAt(0)] = value;

/**
 * Joins the source maps of parts of a file, each of whole lines, into that of the file. (An index map would say the same, but Node makes
 * no absolute paths of what is in one.)
 * @returns JSON
 */
export function joinMaps(parts: readonly Part[]): string {
  const sources: string[] = [];
  const names: string[] = [];
  let mappings = '';
  let lines = 0;
  /** What the next numbers count on from. */
  let before = new Array<number>(FIELDS).fill(0);
  for (const { line, map } of parts) {
    // Each map begins to count at 0, which is here; what comes after its first numbers counts on from them.
    const start = [0, sources.length, 0, 0, names.length];
    const { firsts, ends } = scan(map.mappings);
    mappings += ';'.repeat(Math.max(0, line - lines) + Math.min(lines, 1));
    let at = 0;
    for (const [field, first] of firsts.entries()) {
      if (field === 0 || first === undefined) continue;
      const value = first.value + (start[field] ?? 0) - (before[field] ?? 0);
      mappings += map.mappings.slice(at, first.from) + encode(value);
      at = first.to;
    }
    mappings += map.mappings.slice(at);
    lines = Math.max(lines, line) + map.mappings.split(';').length;
    before = before.map((value, field) =>
      firsts[field] === undefined ? value : (ends[field] ?? 0) + (start[field] ?? 0),
    );
    sources.push(...map.sources);
    names.push(...map.names);
  }
  return JSON.stringify({ version: 3, sources, names, mappings });
}

/**
 * Reads mappings: base64 digits of five bits, the lowest first, the sign in the lowest of a number.
 * @returns of each field the first number that there is, and what all of them add up to
 */
function scan(mappings: string): {
  readonly firsts: readonly (Place | undefined)[];
  readonly ends: readonly number[];
} {
  const firsts = new Array<Place | undefined>(FIELDS).fill(undefined);
  const ends = new Array<number>(FIELDS).fill(0);
  let [field, from, bits, shift] = [0, 0, 0, 0];
  for (let at = 0; at < mappings.length; at++) {
    const digit = DIGIT_OF[mappings.charCodeAt(at)] ?? -1;
    if (digit < 0) {
      field = 0;
      from = at + 1;
      continue;
    }
    bits += (digit & 31) << shift;
    shift += 5;
    if (digit >= 32) continue;
    const value = bits & 1 ? -(bits >>> 1) : bits >>> 1;
    firsts[field] ??= { from, to: at + 1, value };
    ends[field] = (ends[field] ?? 0) + value;
    [bits, shift, from] = [0, 0, at + 1];
    field += 1;
  }
  return { firsts, ends };
}

/** Moves what comes behind cuts to where it is now. @param cuts in the order of the text */
export function cutColumns(mappings: string, cuts: readonly Cut[]): string {
  const lines = mappings.split(';');
  for (const line of new Set(cuts.map((cut) => cut.line)))
    lines[line] = cutLine(
      lines[line] ?? '',
      cuts.filter((cut) => cut.line === line),
    );
  return lines.join(';');
}

/** Each segment's column counts on from the one before, so only the first behind a cut says another. */
function cutLine(segments: string, cuts: readonly Cut[]): string {
  let [made, kept, next, column] = ['', 0, 0, 0];
  for (let at = 0; at < segments.length && next < cuts.length; ) {
    const { to, value } = readNumber(segments, at);
    column += value;
    let by = 0;
    for (; next < cuts.length && (cuts[next]?.column ?? 0) <= column; next++) by += cuts[next]?.by ?? 0;
    if (by > 0) {
      made += segments.slice(kept, at) + encode(value - by);
      kept = to;
    }
    const end = segments.indexOf(',', to);
    at = end < 0 ? segments.length : end + 1;
  }
  return made + segments.slice(kept);
}

function readNumber(mappings: string, from: number): Place {
  let [at, bits, shift] = [from, 0, 0];
  for (let digit = 32; digit >= 32; at++) {
    digit = DIGIT_OF[mappings.charCodeAt(at)] ?? -1;
    bits += (digit & 31) << shift;
    shift += 5;
  }
  return { from, to: at, value: bits & 1 ? -(bits >>> 1) : bits >>> 1 };
}

function encode(value: number): string {
  let text = '';
  let left = value < 0 ? (-value << 1) | 1 : value << 1;
  do {
    const digit = left & 31;
    left >>>= 5;
    text += DIGITS[left > 0 ? digit | 32 : digit];
  } while (left > 0);
  return text;
}
