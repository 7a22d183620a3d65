// SPDX-License-Identifier: Apache-2.0
import type { Reader } from './feed.js';
import { BLOCK_BYTES } from './header.js';
import { readDecimal, readNumber } from './number.js';
import type { PaxRecord } from './pax.js';

/** A run of bytes that is stored; what is between runs reads as zeros. Both in bytes. */
export interface SparseRun {
  readonly offset: number;
  readonly length: number;
}

/** Where the stored bytes of a sparse file belong. */
export interface SparseMap {
  /** In order, none over another. */
  readonly runs: readonly SparseRun[];
  /** Bytes of the file as it is unpacked. */
  readonly realSize: number;
  /** Bytes of the map itself, where it stands at the beginning of the content. */
  readonly mapBytes: number;
}

/** Takes bytes of the archive, to keep. */
export type Take = (bytes: number) => Reader<Uint8Array>;

/** One entry of GNU's old map: offset and length of a stored run, in twelve bytes each. */
const RUN_BYTES = 24;
/** More runs than a file has that somebody could need; what they take is bounded by this. */
const MAX_RUNS = 1 << 20;
const TOO_MANY = `has a sparse map of over ${MAX_RUNS} runs`;
const NO_NUMBER = 'has a sparse map with something that is no number';

/**
 * Reads the map of a sparse file in GNU's old format, which begins in the header block and goes on in blocks
 * behind it (GNU tar manual, "Storing Sparse Files"; struct sparse in its tar.h).
 * @returns what is wrong with it, in words, where something is
 */
export function* readGnuSparse(header: Uint8Array, take: Take): Reader<SparseMap | string> {
  const realSize = readNumber(header.subarray(483, 495));
  if (realSize === undefined) return NO_NUMBER;
  const runs: SparseRun[] = [];
  let isOver = false;
  const readRuns = (entries: Uint8Array): string | undefined => {
    for (let at = 0; at < entries.length; at += RUN_BYTES) {
      const entry = entries.subarray(at, at + RUN_BYTES);
      if (entry.every((byte) => byte === 0)) {
        isOver = true;
        continue;
      }
      const offset = readNumber(entry.subarray(0, 12));
      const length = readNumber(entry.subarray(12));
      // An empty field ends the map for one reader, and is 0 for the next.
      if (isOver || entry[0] === 0 || entry[12] === 0) return 'has a sparse map with gaps in it';
      if (offset === undefined || length === undefined) return NO_NUMBER;
      if (runs.push({ offset, length }) > MAX_RUNS) return TOO_MANY;
    }
    return undefined;
  };
  let wrong = readRuns(header.subarray(386, 482));
  for (let goesOn = header[482] !== 0; goesOn && wrong === undefined; ) {
    const block = yield* take(BLOCK_BYTES);
    wrong = readRuns(block.subarray(0, 504));
    goesOn = block[504] !== 0;
  }
  return wrong ?? { runs, realSize, mapBytes: 0 };
}

/** The records that each version of the format has, all of them needed, and which of them come often. */
const VERSIONS = {
  '0.0': { once: ['size', 'numblocks'], often: ['offset', 'numbytes'] },
  '0.1': { once: ['size', 'numblocks', 'map'], often: [] },
  '1.0': { once: ['major', 'minor', 'name', 'realsize'], often: [] },
} as const;

/**
 * Reads the map of a sparse file in one of GNU's three pax formats (GNU tar manual, "PAX Format, Versions 0.0 and
 * 0.1", "PAX Format, Version 1.0"); in the last, it stands at the beginning of the content.
 * @param records those of the extended header
 * @param stored bytes of content
 * @returns what is wrong with it, in words, where something is
 */
export function* readPaxSparse(
  records: readonly PaxRecord[],
  stored: number,
  take: Take,
): Reader<SparseMap | string> {
  const values = new Map(records);
  const version = values.has('major') ? '1.0' : values.has('map') ? '0.1' : '0.0';
  const problem = recordsProblem(records, version);
  if (problem !== undefined) return problem;
  if (version === '1.0') {
    const realSize = readDecimal(values.get('realsize') ?? '');
    return realSize === undefined ? NO_NUMBER : yield* readContentMap(realSize, stored, take);
  }
  const isRun = ([key]: PaxRecord) => key === 'offset' || key === 'numbytes';
  const given =
    version === '0.1' ? values.get('map')?.split(',') : records.filter(isRun).map(([, value]) => value);
  const numbers = (given ?? []).map(readDecimal);
  const [realSize, blocks] = [values.get('size') ?? '', values.get('numblocks') ?? ''].map(readDecimal);
  if (realSize === undefined || numbers.includes(undefined)) return NO_NUMBER;
  if (blocks === undefined || numbers.length !== 2 * blocks) return 'has a sparse map of another length';
  return { runs: pairs(numbers.map(Number)), realSize, mapBytes: 0 };
}

/** Says what is wrong with the records of a version: unknown or missing ones, one twice, or pairs that are none. */
function recordsProblem(records: readonly PaxRecord[], version: keyof typeof VERSIONS): string | undefined {
  const { once, often }: { once: readonly string[]; often: readonly string[] } = VERSIONS[version];
  const keys = records.map(([key]) => key);
  const optional = version === '0.1' ? ['name'] : [];
  const stray = keys.find((key) => ![...once, ...often, ...optional].includes(key));
  if (stray !== undefined) return `has a record for GNU.sparse.${stray} that does not go with the others`;
  const absent = once.find((key) => !keys.includes(key));
  if (absent !== undefined) return `has no record for GNU.sparse.${absent} beside the others`;
  const double = [...once, ...optional].find((key) => keys.indexOf(key) !== keys.lastIndexOf(key));
  if (double !== undefined) return `has two records for GNU.sparse.${double} in its extended header`;
  const runKeys = keys.filter((key) => often.includes(key));
  if (runKeys.some((key, index) => key !== often[index % 2])) return 'has a sparse map that is out of order';
  const [, major] = records.find(([key]) => key === 'major') ?? [];
  const [, minor] = records.find(([key]) => key === 'minor') ?? [];
  if (version === '1.0' && (major !== '1' || minor !== '0')) return 'has a sparse map of an unknown version';
  return undefined;
}

/** Reads the map of version 1.0: the number of runs, then offset and length of each, in lines; up to a whole block. */
function* readContentMap(realSize: number, stored: number, take: Take): Reader<SparseMap | string> {
  let rest = '';
  let mapBytes = 0;
  function* readLine(): Reader<number | undefined> {
    while (!rest.includes('\n') && rest.length < 20 && mapBytes + BLOCK_BYTES <= stored) {
      rest += Buffer.from(yield* take(BLOCK_BYTES)).toString('latin1');
      mapBytes += BLOCK_BYTES;
    }
    const end = rest.indexOf('\n');
    const value = readDecimal(rest.slice(0, Math.max(end, 0)));
    rest = rest.slice(end + 1);
    return value;
  }
  const count = yield* readLine();
  if (count === undefined) return NO_NUMBER;
  if (count > MAX_RUNS) return TOO_MANY;
  const numbers: number[] = [];
  while (numbers.length < 2 * count) {
    const value = yield* readLine();
    if (value === undefined) return NO_NUMBER;
    numbers.push(value);
  }
  return { runs: pairs(numbers), realSize, mapBytes };
}

function pairs(numbers: readonly number[]): SparseRun[] {
  const runs: SparseRun[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    runs.push({ offset: numbers[at] ?? 0, length: numbers[at + 1] ?? 0 });
  }
  return runs;
}

/**
 * Says what is wrong with a map: runs are in order, lie within the file, reach its end (a reader that is not told
 * of a hole at the end leaves it out), and are as long in sum as what is stored.
 */
export function sparseProblem({ runs, realSize, mapBytes }: SparseMap, stored: number): string | undefined {
  let end = 0;
  let sum = 0;
  for (const { offset, length } of runs) {
    if (offset < end) return 'has a sparse map that is out of order';
    // GNU tar looks for each run at the beginning of a block, others right behind the one before.
    if (length > 0 && sum % BLOCK_BYTES !== 0) return 'has a sparse map of parts of blocks';
    end = offset + length;
    sum += length;
  }
  if (end > realSize) return 'has a sparse map that reaches past its end';
  if (end < realSize) return 'has a sparse map that does not reach its end';
  const content = stored - mapBytes;
  return sum === content ? undefined : `has a sparse map of ${sum} bytes, and ${content} bytes of content`;
}
