// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';
import { sliceSource } from '../layout/source.js';
import { SECTOR_SIZE } from '../mbr/mbr.js';
import type { Architecture } from '../pe/architecture.js';
import { type FileSystem, findFileSystem } from './file-system.js';
import { FindingsCollector } from './findings.js';
import { findLoaders, type Loader, VolumeBudget } from './loaders.js';
import { assertSound } from './sound.js';
import { assertSectors, readTables, type TableEntry, type Tables } from './tables.js';

/** A partition, and what is in it. */
export interface Partition extends TableEntry {
  /** Undefined for what is not known here, zeros among it. */
  readonly fileSystem: FileSystem | undefined;
  readonly loaders: readonly Loader[];
}

/** One way to start from a file. */
export interface Start {
  readonly firmware: 'bios' | 'uefi';
  /** What the file has to be: burnt or attached as a disc, written to a USB stick, or attached as a disk. */
  readonly medium: 'cd' | 'usb' | 'disk';
  readonly architecture: Architecture;
  /** The loader that UEFI runs; empty for a BIOS, and for an UEFI image that could not be looked into. */
  readonly path: string;
  readonly signed: boolean;
}

/** A disk, bit by bit as a machine would see it. */
export interface DiskFacts {
  readonly scheme: Tables['scheme'];
  readonly bootCode: boolean;
  readonly partitions: readonly Partition[];
  /** What the disk is formatted as where it has no table. */
  readonly fileSystem: FileSystem | undefined;
  readonly starts: readonly Start[];
}

const MAX_PARTITIONS = 128;

/** Lists the ways to start that loaders on a FAT volume, and code in a first sector, offer on these media. */
export function startsFrom(
  loaders: readonly Loader[],
  bootCode: boolean,
  media: readonly Start['medium'][],
): Start[] {
  const bios = { firmware: 'bios', architecture: 'x86', path: '', signed: false } as const;
  return media.flatMap((medium): Start[] => [
    ...(bootCode ? [{ ...bios, medium }] : []),
    ...loaders.map((loader): Start => ({ ...loader, firmware: 'uefi', medium })),
  ]);
}

/** Looks into the partitions of a disk, or of the system area of an ISO. */
export function readPartitions(
  source: ByteSource,
  { entries }: Tables,
  findings: FindingsCollector,
  budget = new VolumeBudget(),
): Partition[] {
  if (entries.length > MAX_PARTITIONS) findings.unread.push(`partitions after the first ${MAX_PARTITIONS}`);
  return entries.slice(0, MAX_PARTITIONS).map((entry) => {
    if (entry.offset + entry.size > source.size) {
      findings.add('truncated', `partition ${entry.number} passes the end of the disk`);
      return { ...entry, fileSystem: undefined, loaders: [] };
    }
    const inside = new FindingsCollector();
    const content = sliceSource(source, entry.offset, entry.size);
    const fileSystem = findFileSystem(content);
    // A partition from sector 0 on is the file itself, which is looked at already.
    const isPart = fileSystem !== undefined && entry.offset > 0;
    if (isPart) inside.attempt(() => assertSound(fileSystem, content));
    const loaders = isPart && fileSystem.type === 'fat' ? findLoaders(content, inside, budget) : [];
    findings.addAll(`partition ${entry.number}`, inside);
    return { ...entry, fileSystem, loaders };
  });
}

/**
 * Reads a raw disk: tables, file systems, loaders. What is wrong becomes findings.
 * @throws ImageError `unsupported` for sectors that are not of 512 bytes
 */
export function readDisk(source: ByteSource, findings: FindingsCollector): DiskFacts {
  if (source.size % SECTOR_SIZE !== 0) {
    findings.add(
      'truncated',
      `the disk has ${source.size} bytes, which are no whole sectors of ${SECTOR_SIZE}`,
    );
  }
  const fileSystem = findFileSystem(source);
  if (fileSystem?.type === 'fat') {
    findings.attempt(() => assertSound(fileSystem, source));
    const loaders = findLoaders(source, findings);
    const starts = startsFrom(loaders, false, ['usb', 'disk']);
    return { scheme: 'none', bootCode: false, partitions: [], fileSystem, starts };
  }
  assertSectors(source);
  const tables = readTables(source, findings);
  const partitions = readPartitions(source, tables, findings);
  const loaders = partitions.flatMap((partition) => partition.loaders);
  const { scheme, bootCode } = tables;
  return { scheme, bootCode, partitions, fileSystem, starts: startsFrom(loaders, bootCode, ['usb', 'disk']) };
}
