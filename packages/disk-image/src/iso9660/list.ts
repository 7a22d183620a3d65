// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { SECTOR } from './format.js';
import { type DirectoryRecord, readRecords } from './record.js';
import type { IsoExtent } from './spec.js';
import { NO_ROCK_RIDGE, type RockRidge, readSystemUse } from './system-use.js';

/** A file or folder of a volume. */
export interface IsoEntry {
  /** Its Rock Ridge name, else its identifier, Joliet's where there is one, without version and idle dot. */
  readonly name: string;
  /**
   * `other` is what cannot be opened: links, devices and pipes of Rock Ridge, files compressed by zisofs, and
   * interleaved ones.
   */
  readonly kind: 'file' | 'folder' | 'other';
  /** How a file is kept that is `other` for that alone; undefined for all else. */
  readonly unread: 'compressed by zisofs' | 'interleaved' | undefined;
  /** Bytes; for a folder those of its directory. */
  readonly size: number;
  /** Where it lies, in order; one place for all but files above 4 GiB. */
  readonly extents: readonly IsoExtent[];
  /** What a symbolic link of Rock Ridge says; undefined for what is none. */
  readonly target: string | undefined;
  /** POSIX type and permissions from Rock Ridge. */
  readonly mode: number | undefined;
  /** The name is an ISO 9660 identifier or Joliet's, which is found whatever its case. */
  readonly plainName: boolean;
}

/** What reading a directory takes to know about its volume. */
export interface VolumeContext {
  readonly source: ByteSource;
  /** Bytes in which every extent lies. */
  readonly size: number;
  /** Bytes to skip in System Use areas; undefined for a volume without them. */
  readonly skip: number | undefined;
  /** Identifiers are Joliet's, of two bytes a character. */
  readonly joliet: boolean;
}

const SYMLINK = 0o120000;

/** Half a million entries; a larger directory is refused rather than held in memory. */
const MAX_DIRECTORY = 64 << 20;

function rockRidge({ source, skip }: VolumeContext, record: DirectoryRecord, what: string): RockRidge {
  const { systemUse } = record;
  if (skip === undefined || skip > systemUse.byteLength) return NO_ROCK_RIDGE;
  const area = new DataView(systemUse.buffer, systemUse.byteOffset + skip, systemUse.byteLength - skip);
  return readSystemUse(source, area, what);
}

/** Gives the records of a directory after its own two, which must be there and be its own. */
function* children(volume: VolumeContext, extent: IsoExtent, what: string): Generator<DirectoryRecord> {
  if (extent.size > MAX_DIRECTORY) {
    throw new ImageError('unsupported', `${what} has ${extent.size} bytes, more than ${MAX_DIRECTORY}`);
  }
  let index = 0;
  for (const record of readRecords(volume.source, extent, volume, what)) {
    if (index > 1) yield record;
    else if (record.identifier !== (index === 0 ? '\0' : '\x01') || !record.folder) break;
    else if (index === 0 && record.extent.offset !== extent.offset) break;
    index++;
  }
  if (index < 2)
    throw new ImageError('corrupt', `${what} does not begin with records of itself and its parent`);
}

/** Reads a directory's own record, with which the sector at `offset` begins. */
export function ownRecord(volume: VolumeContext, offset: number, what: string): DirectoryRecord {
  const sector = { offset, size: Math.min(SECTOR, Math.max(0, volume.size - offset)) };
  for (const record of readRecords(volume.source, sector, volume, what)) {
    if (record.identifier === '\0' && record.folder && record.extent.offset === offset) return record;
    break;
  }
  throw new ImageError('corrupt', `${what} does not begin with a record of itself`);
}

/**
 * Finds how many bytes of System Use areas to skip; undefined where the root's own record does not say that the
 * volume has such areas.
 */
export function findSystemUse(
  volume: Pick<VolumeContext, 'source' | 'size'>,
  root: IsoExtent,
): number | undefined {
  const what = 'root directory';
  const own = ownRecord({ ...volume, skip: 0, joliet: false }, root.offset, what);
  const { systemUse } = own;
  // SP is the first entry of all; without it the area may hold anything (SUSP 1.12, clause 5.3).
  if (systemUse.byteLength < 7 || systemUse.getUint16(0) !== 0x5350) return undefined;
  return readSystemUse(volume.source, systemUse, what).skip;
}

/**
 * Lists the entries of a directory, the sections of one file taken together.
 * @throws ImageError `corrupt`, `truncated` or `unsupported`
 */
export function listDirectory(volume: VolumeContext, extent: IsoExtent, what: string): IsoEntry[] {
  const listed: IsoEntry[] = [];
  let sections: DirectoryRecord[] = [];
  for (const record of children(volume, extent, what)) {
    const [first] = sections;
    if (first && (first.identifier !== record.identifier || record.folder)) {
      throw new ImageError(
        'corrupt',
        `${what}: the last section of ${JSON.stringify(first.identifier)} is missing`,
      );
    }
    sections.push(record);
    if (record.continues) continue;
    const found = toEntry(volume, sections, record, what);
    if (found) listed.push(found);
    sections = [];
  }
  if (sections.length > 0) throw new ImageError('corrupt', `${what} ends between two sections of a file`);
  return listed;
}

/** Makes the entry of a file from its records, all of which say the same but for their extents. */
function toEntry(
  volume: VolumeContext,
  sections: readonly DirectoryRecord[],
  record: DirectoryRecord,
  what: string,
): IsoEntry | undefined {
  const { identifier, folder } = record;
  const extra = rockRidge(volume, record, `${what}, ${JSON.stringify(identifier)}`);
  if (extra.moved) return undefined;
  const plain = identifier.replace(/;\d+$/, '').replace(/\.$/, '');
  const name = extra.name ?? plain;
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw new ImageError('corrupt', `${what} has an entry named ${JSON.stringify(name)}`);
  }
  const interleaved = sections.some((section) => section.interleaved);
  const type = (extra.mode ?? 0o100000) & 0o170000;
  const isFile = !folder && type === 0o100000;
  const unread = !isFile
    ? undefined
    : interleaved
      ? ('interleaved' as const)
      : extra.compressed
        ? ('compressed by zisofs' as const)
        : undefined;
  const shared = {
    name,
    unread,
    mode: extra.mode,
    plainName: extra.name === undefined,
    target: type === SYMLINK ? (extra.target ?? '') : undefined,
  };
  if (extra.movedTo !== undefined) {
    const target = ownRecord(volume, extra.movedTo * SECTOR, `${what}, moved folder ${JSON.stringify(name)}`);
    return {
      ...shared,
      unread: undefined,
      kind: 'folder',
      size: target.extent.size,
      extents: [target.extent],
    };
  }
  return {
    ...shared,
    kind: interleaved || unread !== undefined ? 'other' : folder ? 'folder' : isFile ? 'file' : 'other',
    size: sections.reduce((sum, section) => sum + section.extent.size, 0),
    extents: sections.map((section) => section.extent),
  };
}
