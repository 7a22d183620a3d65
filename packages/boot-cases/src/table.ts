// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { foreignPart, type ImageDigests, type ImageParts } from './images.js';
import { type BootCase, matrixCases } from './matrix/cases.js';
import { type BootEvidence, type BootMatrix, evidenceOf } from './matrix/matrix.js';
import { isAsExpected } from './record/record.js';
import type { RecordSummary } from './record/summary.js';

/** A case and the result of its records. */
export interface MatrixCell {
  readonly case: BootCase;
  /** A short text for a person: `booted 0.4 s`. */
  readonly text: string;
  /** The reason why the case does not hold; undefined where it does. */
  readonly problem: string | undefined;
}

/** All cases of a matrix, and what is wrong. */
export interface MatrixTable {
  readonly cells: readonly MatrixCell[];
  /** One line each, with the case's name first; empty when everything is as the matrix expects. */
  readonly problems: readonly string[];
}

/**
 * Compares records with the matrix that they should be of. A case holds when it has at least one record, all of them
 * came out as expected, all are of the case as the matrix has it, and all records of its image are of one image: the one
 * that is there now, in which that is the seed's own which they say is.
 * @param parts see `findImageParts`; without them no record may say that anything is
 */
export function tabulate(
  matrix: BootMatrix,
  records: readonly RecordSummary[],
  images: ImageDigests,
  parts: ImageParts = new Map(),
): MatrixTable {
  const compared = { byCase: groupByCase(records), byImage: oneOfEach(records), images, parts };
  const cells = matrixCases(matrix).map((bootCase) => cellOf(bootCase, compared));
  const known = new Set(cells.map(({ case: { name } }) => name));
  const strays = records.filter(({ record }) => !known.has(record.caseName));
  return {
    cells,
    problems: [
      ...cells.flatMap(({ case: { name }, problem }) =>
        problem === undefined ? [] : [`${name}: ${problem}`],
      ),
      ...strays.map(({ record, folder }) => `${record.caseName}: ${folder}: not a case of this matrix`),
    ],
  };
}

/** The things that a case is held against: records once through, whatever the number of cases. */
interface Compared {
  readonly byCase: ReadonlyMap<string, readonly RecordSummary[]>;
  readonly byImage: ReadonlyMap<string, readonly RecordSummary[]>;
  readonly images: ImageDigests;
  readonly parts: ImageParts;
}

/** Returns the records of each case by its name, in their order. */
function groupByCase(records: readonly RecordSummary[]): Map<string, RecordSummary[]> {
  const groups = new Map<string, RecordSummary[]>();
  for (const each of records) {
    const group = groups.get(each.record.caseName);
    if (group === undefined) groups.set(each.record.caseName, [each]);
    else group.push(each);
  }
  return groups;
}

/**
 * Returns by the name of an image its first record, and behind it the first of another digest, if there is one: whatever the
 * digest is, the first record that differs from it is one of the two.
 */
function oneOfEach(records: readonly RecordSummary[]): Map<string, RecordSummary[]> {
  const found = new Map<string, RecordSummary[]>();
  for (const each of records) {
    const { imageName, imageBefore } = each.record;
    const there = found.get(imageName);
    if (there === undefined) found.set(imageName, [each]);
    else if (there.length === 1 && there[0]?.record.imageBefore !== imageBefore) there.push(each);
  }
  return found;
}

function cellOf(bootCase: BootCase, { byCase, byImage, images, parts }: Compared): MatrixCell {
  const own = byCase.get(bootCase.name) ?? [];
  const [first] = own;
  if (first === undefined) return { case: bootCase, text: 'missing', problem: 'has no record' };
  const bad = (text: string, { folder }: RecordSummary, problem: string): MatrixCell => ({
    case: bootCase,
    text,
    problem: `${folder}: ${problem}`,
  });
  const evidence = evidenceOf(bootCase.image);
  const other = own.find((record) => !isOf(bootCase, evidence, record));
  if (other !== undefined) return bad('other', other, 'is a record of this case as another matrix has it');
  const failed = own.find(({ record, verdict }) => !isAsExpected(record, verdict));
  if (failed !== undefined) {
    const { outcome, reason } = failed.verdict;
    const detail = reason === undefined ? '' : ` (${reason})`;
    return bad(outcome.toUpperCase(), failed, `${outcome}${detail}, expected a ${bootCase.machine.expect}`);
  }
  const { name, path } = bootCase.image;
  const differs = byImage.get(name)?.find(({ record }) => record.imageBefore !== first.record.imageBefore);
  if (differs !== undefined) return bad('differs', differs, 'is of another image than the other records');
  const now = images.get(name);
  if (now === undefined) return bad('unmeasured', first, `its image ${path} is not there to be measured`);
  if (now !== first.record.imageBefore) {
    return bad('replaced', first, `its image was replaced: ${path} now has the digest ${now}`);
  }
  const boast = own.find(({ record }) => foreignPart(record, parts) !== undefined);
  if (boast !== undefined) {
    const part = foreignPart(boast.record, parts);
    return bad('foreign', boast, `says that the ${part} is ours, which was not found in its image`);
  }
  const seconds = (first.record.durationMs / 1000).toFixed(1);
  return { case: bootCase, text: `${first.verdict.outcome} ${seconds} s`, problem: undefined };
}

/**
 * Returns whether a record is of the case as the matrix has it; path and time limit may differ from machine to
 * machine.
 */
function isOf(
  { image, attach, machine }: BootCase,
  evidence: BootEvidence,
  { record, command }: RecordSummary,
): boolean {
  return (
    command.memoryMib === image.memoryMib &&
    record.imageName === image.name &&
    record.imageFormat === image.format &&
    record.attach === attach &&
    record.machineName === machine.name &&
    record.machine === machine.machine &&
    record.firmware === machine.firmware &&
    record.expect === machine.expect &&
    isDeepStrictEqual(record.evidence, evidence)
  );
}

/** Formats the table as text: a row for each image and way of attaching it, a column for each machine. */
export function formatTable({ machines }: BootMatrix, { cells }: MatrixTable): string {
  const rows = new Map<string, string[]>();
  for (const { case: bootCase, text } of cells) {
    const { image, attach } = bootCase;
    const key = `${image.name}_${attach}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [image.name, attach, text]);
    else row.push(text);
  }
  const lines = [['image', 'attach', ...machines.map(({ name }) => name)], ...rows.values()];
  // Not by Math.max: a call takes no hundred thousand rows.
  const widths = lines[0]?.map((_, column) =>
    lines.reduce((most, line) => Math.max(most, line[column]?.length ?? 0), 0),
  );
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
