// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { FatEntry } from './fat.js';
import { ATTRIBUTE, LONG_NAME_ATTRIBUTES } from './format-entry.js';
import { ENTRY_SIZE } from './geometry.js';
import { foldName } from './long-name.js';
import { LongNameReader } from './parse-long-name.js';
import { applyCase, decodeOem, parseShortName } from './parse-name.js';
import { shortNameChecksum } from './short-name.js';

const DELETED = 0xe5;
const RESERVED_ATTRIBUTES = 0xc0;

/** A folder as it is stored. */
export interface ParsedFolder {
  readonly entries: readonly FatEntry[];
  /** The volume label, which only the root may hold. */
  readonly label: string | undefined;
}

/** What the parser has to know of a folder. */
export interface FolderPlace {
  /** `''` for the root. */
  readonly path: string;
  /** First cluster of the folder, and of the folder around it, 0 being the root. Undefined for the root. */
  readonly self?: { readonly cluster: number; readonly parentClusters: readonly number[] };
}

/** First cluster of an entry; a value above 65535 on FAT12 and FAT16 is out of range for any chain. */
const clusterOf = (entry: Buffer) => entry.readUInt16LE(20) * 0x10000 + entry.readUInt16LE(26);

function checkDots(bytes: Buffer, { path, self }: FolderPlace): number {
  if (!self) return 0;
  const wanted = [
    { field: '.', clusters: [self.cluster] },
    { field: '..', clusters: self.parentClusters },
  ];
  wanted.forEach(({ field, clusters }, index) => {
    const entry = bytes.subarray(index * ENTRY_SIZE, (index + 1) * ENTRY_SIZE);
    const isFolder = entry[11] === ATTRIBUTE.folder && entry.readUInt32LE(28) === 0;
    if (
      entry.toString('latin1', 0, 11) !== field.padEnd(11) ||
      !isFolder ||
      !clusters.includes(clusterOf(entry))
    ) {
      throw new ImageError(
        'corrupt',
        `folder ${JSON.stringify(path)}: its entry "${field}" is missing or leads elsewhere`,
      );
    }
  });
  return wanted.length;
}

function parseEntry(entry: Buffer, longName: string | undefined, folder: string): FatEntry {
  const shortName = parseShortName(entry.subarray(0, 11));
  if (shortName === undefined) {
    throw new ImageError(
      'corrupt',
      `${folder}: ${JSON.stringify(entry.toString('latin1', 0, 11))} is no short name`,
    );
  }
  const name = longName ?? applyCase(shortName, entry.readUInt8(12));
  const attributes = entry.readUInt8(11);
  const kind = (attributes & ATTRIBUTE.folder) !== 0 ? 'folder' : 'file';
  const size = entry.readUInt32LE(28);
  const firstCluster = clusterOf(entry);
  const isFilled = kind === 'folder' || size > 0;
  if ((kind === 'folder' && size !== 0) || isFilled !== firstCluster > 0) {
    throw new ImageError(
      'corrupt',
      `${folder}: ${kind} ${JSON.stringify(name)} has size ${size} and starts at cluster ${firstCluster}`,
    );
  }
  return { name, shortName, kind, size, attributes, firstCluster };
}

/** Reads the entries of a folder. @throws ImageError `corrupt` for whatever a checker would repair */
export function parseFolder(bytes: Buffer, place: FolderPlace): ParsedFolder {
  const folder = `folder ${JSON.stringify(place.path)}`;
  const corrupt = (message: string) => new ImageError('corrupt', `${folder}: ${message}`);
  const entries: FatEntry[] = [];
  const taken = new Set<string>();
  const long = new LongNameReader(folder);
  let label: string | undefined;
  for (let index = checkDots(bytes, place); index < bytes.length / ENTRY_SIZE; index++) {
    const entry = bytes.subarray(index * ENTRY_SIZE, (index + 1) * ENTRY_SIZE);
    if (entry[0] === 0) break;
    const attributes = entry.readUInt8(11);
    if (entry[0] === DELETED) {
      long.end();
    } else if ((attributes & RESERVED_ATTRIBUTES) !== 0) {
      throw corrupt(`entry ${index} has attributes ${attributes}, of which only the low six bits exist`);
    } else if (attributes === LONG_NAME_ATTRIBUTES) {
      long.add(entry);
    } else if ((attributes & ATTRIBUTE.label) !== 0) {
      long.end();
      if (place.self || label !== undefined || (attributes & ATTRIBUTE.folder) !== 0) {
        throw corrupt(`entry ${index} is a volume label, which only the root may have, once`);
      }
      label = decodeOem(entry.subarray(0, 11)).trimEnd();
    } else {
      const found = parseEntry(entry, long.take(shortNameChecksum(entry.subarray(0, 11))), folder);
      const names = new Set([foldName(found.name), foldName(found.shortName)]);
      for (const name of names) {
        if (taken.has(name)) throw corrupt(`two entries go by the name ${JSON.stringify(name)}`);
        taken.add(name);
      }
      entries.push(found);
    }
  }
  long.end();
  return { entries, label };
}
