// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import type { Structure } from '../layout/structure.js';
import type { FatEntry } from './fat.js';
import { ATTRIBUTE, LONG_NAME_ATTRIBUTES } from './format-entry.js';
import { ENTRY_SIZE } from './geometry.js';
import { foldName } from './long-name.js';
import { LongNameReader } from './parse-long-name.js';
import { applyCase, decodeOem, parseShortName } from './parse-name.js';
import { shortNameChecksum } from './short-name.js';

const DELETED = 0xe5;
const BAD_LABEL = /^ |[\u0000-\u0004\u0006-\u001f\u007f"*+,./:;<=>?[\\\]|]/;
const RESERVED_ATTRIBUTES = 0xc0;

/** A folder as it is stored. */
export interface ParsedFolder {
  readonly entries: readonly FatEntry[];
  /** The eleven bytes of the volume label, which only the root may hold. */
  readonly label: Structure | undefined;
}

/** What the parser has to know of a folder. */
export interface FolderPlace {
  /** `''` for the root. */
  readonly path: string;
  /** Cluster numbers have 32 bits, not 16. */
  readonly is32: boolean;
  /** First cluster of the folder, and of the folder around it, 0 being the root. Undefined for the root. */
  readonly self?: { readonly cluster: number; readonly parentClusters: readonly number[] };
}

/**
 * Reads the first cluster of an entry; the upper half of its number exists on FAT32 only, others keep something else
 * there.
 */
const clusterOf = (entry: Structure, is32: boolean) => (is32 ? entry.u16(20) * 0x10000 : 0) + entry.u16(26);

/** Bit of an entry's case flags: it has no short name, only a long one. */
const LONG_NAME_ONLY = 2;

function checkDots(bytes: Structure, { path, self, is32 }: FolderPlace): number {
  if (!self) return 0;
  const wanted = [
    { field: '.', clusters: [self.cluster] },
    { field: '..', clusters: self.parentClusters },
  ];
  wanted.forEach(({ field, clusters }, index) => {
    const entry = bytes.subarray(index * ENTRY_SIZE, (index + 1) * ENTRY_SIZE);
    const kind = entry.u8(11) & (ATTRIBUTE.folder | ATTRIBUTE.label);
    const isFolder = kind === ATTRIBUTE.folder && entry.u32(28) === 0;
    if (entry.text(0, 11) !== field.padEnd(11) || !isFolder || !clusters.includes(clusterOf(entry, is32))) {
      throw new ImageError(
        'corrupt',
        `folder ${JSON.stringify(path)}: its entry "${field}" is missing or leads elsewhere`,
      );
    }
  });
  return wanted.length;
}

function parseEntry(entry: Structure, longName: string | undefined, folder: string, is32: boolean): FatEntry {
  const shortName = parseShortName(entry.subarray(0, 11));
  const isNameless = longName === undefined && (entry.u8(12) & LONG_NAME_ONLY) !== 0;
  if (shortName === undefined || isNameless) {
    throw new ImageError('corrupt', `${folder}: ${JSON.stringify(entry.text(0, 11))} is no short name`);
  }
  const name = longName ?? applyCase(shortName, entry.u8(12));
  const attributes = entry.u8(11);
  const kind = (attributes & ATTRIBUTE.folder) !== 0 ? 'folder' : 'file';
  const size = entry.u32(28);
  const firstCluster = clusterOf(entry, is32);
  const isFilled = kind === 'folder' || size > 0;
  if ((kind === 'folder' && size !== 0) || isFilled !== firstCluster > 0) {
    throw new ImageError(
      'corrupt',
      `${folder}: ${kind} ${JSON.stringify(name)} has size ${size} and starts at cluster ${firstCluster}`,
    );
  }
  return { name, shortName, kind, size, attributes, firstCluster };
}

const hasEntries = (bytes: Structure) => {
  for (let at = 0; at < bytes.length; at += ENTRY_SIZE)
    if (bytes[at] !== 0 && bytes[at] !== DELETED) return true;
  return false;
};

/** Reads the entries of a folder. @throws ImageError `corrupt` for whatever a checker would repair */
export function parseFolder(bytes: Structure, place: FolderPlace): ParsedFolder {
  const folder = `folder ${JSON.stringify(place.path)}`;
  const corrupt = (message: string) => new ImageError('corrupt', `${folder}: ${message}`);
  const entries: FatEntry[] = [];
  const taken = new Set<string>();
  const long = new LongNameReader(folder);
  let label: Structure | undefined;
  for (let index = checkDots(bytes, place); index < bytes.length / ENTRY_SIZE; index++) {
    const entry = bytes.subarray(index * ENTRY_SIZE, (index + 1) * ENTRY_SIZE);
    if (entry[0] === 0) {
      // Linux goes on reading there, firmware does not: two readers would see two folders.
      const rest = bytes.subarray(index * ENTRY_SIZE);
      if (hasEntries(rest)) throw corrupt(`more follows entry ${index}, which ends it`);
      break;
    }
    const attributes = entry.u8(11);
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
      label = entry.subarray(0, 11);
      if (clusterOf(entry, place.is32) !== 0 || entry.u32(28) !== 0) {
        throw corrupt(`entry ${index} is a volume label with content`);
      }
      if (BAD_LABEL.test(label.text())) {
        throw corrupt(`the volume label ${JSON.stringify(decodeOem(label))} holds what no label may`);
      }
    } else {
      const found = parseEntry(
        entry,
        long.take(shortNameChecksum(entry.subarray(0, 11))),
        folder,
        place.is32,
      );
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
