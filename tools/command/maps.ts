// SPDX-License-Identifier: Apache-2.0

/** A source map, as far as it is needed here (ECMA-426). */
interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** The source map of a part of a file. */
export interface Part {
  /** The line that it begins at, counted from 0. */
  readonly line: number;
  /** JSON. */
  readonly map: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Joins the source maps of parts of a file, each of whole lines, into that of the file. (An index map would say the same, but Node makes
 * no absolute paths of what is in one.)
 * @returns JSON
 */
export function joinMaps(parts: readonly Part[]): string {
  const sources: string[] = [];
  const sourcesContent: (string | null)[] = [];
  const names: string[] = [];
  const lines: string[] = [];
  /** What the fields of a segment count on from: the column, source, line, column there, and name of the one before. */
  let before = [0, 0, 0, 0, 0];
  for (const { line, map } of parts) {
    const part: SourceMap = JSON.parse(map);
    // Each map begins to count at 0; what it counts to is where the next one is.
    const first = [0, sources.length, 0, 0, names.length];
    let isFirst = [false, true, true, true, true];
    let state = [0, 0, 0, 0, 0];
    while (lines.length < line) lines.push('');
    for (const text of part.mappings.split(';')) {
      state = [0, ...state.slice(1)];
      const segments = text === '' ? [] : text.split(',').map(decode);
      const written = segments.map((fields) => {
        state = state.map((value, at) => value + (fields[at] ?? 0));
        const adjusted = fields.map((value, at) =>
          isFirst[at] ? value + (first[at] ?? 0) - (before[at] ?? 0) : value,
        );
        isFirst = isFirst.map((value, at) => value && at >= fields.length);
        return adjusted.map(encode).join('');
      });
      lines.push(written.join(','));
    }
    before = before.map((value, at) => (isFirst[at] ? value : (state[at] ?? 0) + (first[at] ?? 0)));
    sources.push(...part.sources);
    sourcesContent.push(...part.sources.map((_, at) => part.sourcesContent?.[at] ?? null));
    names.push(...part.names);
  }
  return JSON.stringify({ version: 3, sources, sourcesContent, names, mappings: lines.join(';') });
}

/** Reads the numbers of a segment: base64 digits of five bits, the lowest first, the sign in the lowest of a number. */
function decode(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit >= 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
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
