// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type FileSystem, findFileSystem } from '../inspect/file-system.js';
import { FindingsCollector } from '../inspect/findings.js';
import { assertSectors, hasTable, readTables, type TableEntry } from '../inspect/tables.js';
import type { IsoNames } from '../iso9660/open.js';
import { type ByteSource, sliceSource } from '../layout/source.js';
import { openQcow2 } from '../qcow2/open.js';
import { erofsTree } from './erofs.js';
import { fatTree } from './fat.js';
import { isoTree } from './iso9660.js';
import type { Tree } from './tree.js';

/** Where in an image files are to be looked for. */
export interface VolumeChoice {
  /** Number of the partition; by default the image itself, else the one partition that has files. */
  readonly partition?: number;
  /** Names of an ISO; by default those that Linux takes. */
  readonly names?: IsoNames;
}

type Known = FileSystem & { readonly type: Tree['format'] };

const isKnown = (found: FileSystem | undefined): found is Known =>
  found?.type === 'iso9660' || found?.type === 'fat' || found?.type === 'erofs';

/** Finds the file system that is meant, and opens it. Returns what it lies in, from the outside in: `qcow2`, `partition 1`. */
export function openVolume(
  source: ByteSource,
  choice: VolumeChoice,
): Tree & { readonly within: readonly string[] } {
  if (isQcow2(source)) {
    const { within, ...tree } = openVolume(openQcow2(source), choice);
    return { ...tree, within: ['qcow2', ...within] };
  }
  const { partition } = choice;
  const whole = findFileSystem(source);
  // Where a table divides the disk, what else is found at its beginning was left there; an ISO and a FAT volume begin with theirs.
  const isWhole =
    whole !== undefined && (whole.type === 'iso9660' || whole.type === 'fat' || !hasTable(source));
  if (partition === undefined && isWhole) return { ...openFound(source, whole, choice), within: [] };
  const found = choosePartition(source, partition);
  const content = sliceSource(source, found.offset, found.size);
  return {
    ...openFound(content, findFileSystem(content), choice),
    within: [`partition ${found.number}`],
  };
}

function isQcow2(source: ByteSource): boolean {
  if (source.size < 4) return false;
  const magic = new Uint8Array(4);
  source.readInto(magic, 0);
  return magic.join() === '81,70,73,251';
}

function openFound(source: ByteSource, found: FileSystem | undefined, { names }: VolumeChoice): Tree {
  if (found?.type === 'fat') return fatTree(source);
  if (found?.type === 'erofs') return erofsTree(source);
  if (found?.type === 'iso9660') return isoTree(source, names);
  throw new ImageError(
    found === undefined ? 'other-format' : 'unsupported',
    `there is ${found === undefined ? 'no file system that is known here' : `a file system of type ${found.type}`}, expected ISO 9660, FAT or EROFS`,
  );
}

function choosePartition(source: ByteSource, number: number | undefined): TableEntry {
  assertSectors(source);
  const findings = new FindingsCollector();
  const { entries, scheme } = readTables(source, findings);
  const [problem] = findings.problems;
  if (problem)
    throw new ImageError(
      problem.code,
      problem.message,
      problem.fix === undefined ? {} : { fix: problem.fix },
    );
  if (entries.length === 0) {
    throw new ImageError(
      'other-format',
      `there is no file system that is known here, and no partition (table: ${scheme})`,
      {
        fix: 'see what it is with latticra inspect',
      },
    );
  }
  const inside = ({ offset, size }: TableEntry) => offset + size <= source.size;
  if (number !== undefined) {
    const found = entries.find((entry) => entry.number === number);
    if (!found)
      throw new ImageError('not-found', `there is no partition ${number}; there are ${numbers(entries)}`);
    if (inside(found)) return found;
    throw new ImageError('truncated', `partition ${number} passes the end of the disk`);
  }
  const known = entries.filter(
    (entry) => inside(entry) && isKnown(findFileSystem(sliceSource(source, entry.offset, entry.size))),
  );
  const [only] = known;
  if (only && known.length === 1) return only;
  if (!only)
    throw new ImageError(
      'other-format',
      `none of the partitions ${numbers(entries)} has a file system that is known here`,
    );
  throw new ImageError('ambiguous', `files are in the partitions ${numbers(known)}`, {
    fix: `say which: partition ${only.number}, or another`,
  });
}

const numbers = (entries: readonly TableEntry[]) => entries.map(({ number }) => number).join(', ');
