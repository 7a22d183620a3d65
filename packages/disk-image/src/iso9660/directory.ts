// SPDX-License-Identifier: Apache-2.0
import { joinBytes } from '../layout/bytes.js';
import { shortDate } from './date.js';
import {
  FLAG_FOLDER,
  FLAG_MULTI_EXTENT,
  MAX_RECORD,
  MAX_SECTION,
  SECTOR,
  setBoth16,
  setBoth32,
  setText,
  structure,
} from './format.js';
import {
  alternateName,
  ContinuationArea,
  extensionReference,
  packEntries,
  posixAttributes,
  sharingProtocol,
  timeStamps,
} from './rock-ridge.js';
import type { IsoExtent } from './spec.js';
import type { FolderNode } from './tree.js';

const FOLDER_MODE = 0o040755;
const FILE_MODE = 0o100644;

/** Where the parts of a directory lie; zeros do while only their sizes are wanted. */
export interface Places {
  readonly folder: (folder: FolderNode) => IsoExtent;
  readonly file: (path: string) => IsoExtent;
  /** First sector of the directory's own continuation area. */
  readonly continuation: number;
}

/** Makes a directory record without its System Use area (ECMA-119, 9.1), padded to an even length. */
export function encodeRecord(
  identifier: string,
  extent: IsoExtent,
  flags: number,
  epoch: number,
): Uint8Array {
  const length = 33 + identifier.length;
  return structure(length + (length % 2), (view) => {
    view.setUint8(0, view.byteLength);
    setBoth32(view, 2, extent.offset / SECTOR);
    setBoth32(view, 10, extent.size);
    shortDate(epoch).forEach((value, index) => {
      view.setUint8(18 + index, value);
    });
    view.setUint8(25, flags);
    setBoth16(view, 28, 1);
    view.setUint8(32, identifier.length);
    setText(view, 33, identifier.length, identifier);
  });
}

/**
 * Makes a directory and the continuation area of its Rock Ridge entries, both in whole sectors. Their sizes do not
 * depend on `places`: a first run with zeros finds the sizes, and a second writes the final content.
 */
export function encodeDirectory(
  folder: FolderNode,
  places: Places,
  epoch: number,
): { directory: Uint8Array; continuation: Uint8Array } {
  const area = new ContinuationArea(places.continuation);
  const withEntries = (record: Uint8Array, entries: readonly Uint8Array[]) => {
    const packed = packEntries(entries, MAX_RECORD - record.length, area);
    const whole = joinBytes(record, packed, new Uint8Array(packed.length % 2));
    whole[0] = whole.length;
    return whole;
  };
  const folderRecord = (identifier: string, node: FolderNode, entries: readonly Uint8Array[]) =>
    withEntries(encodeRecord(identifier, places.folder(node), FLAG_FOLDER, epoch), entries);
  const times = timeStamps(epoch);
  const folderEntries = (node: FolderNode) => {
    const subfolders = node.children.filter((child) => 'folder' in child).length;
    return [posixAttributes(FOLDER_MODE, 2 + subfolders), times];
  };

  const root = folder.parent === folder;
  const own = folderEntries(folder);
  const records = [
    folderRecord('\0', folder, root ? [sharingProtocol(), ...own, extensionReference()] : own),
    folderRecord('\x01', folder.parent, folderEntries(folder.parent)),
  ];
  for (const child of folder.children) {
    if ('folder' in child) {
      const entries = [...folderEntries(child.folder), ...alternateName(child.folder.name)];
      records.push(folderRecord(child.identifier, child.folder, entries));
    } else {
      const entries = [posixAttributes(FILE_MODE, 1), times, ...alternateName(child.file.name)];
      for (const section of sections(places.file(child.file.file.path))) {
        const flags = section.last ? 0 : FLAG_MULTI_EXTENT;
        records.push(withEntries(encodeRecord(child.identifier, section, flags, epoch), entries));
      }
    }
  }
  return { directory: packRecords(records), continuation: area.bytes() };
}

/** Divides a file into the sections that one record each can describe. */
function* sections({ offset, size }: IsoExtent): Generator<IsoExtent & { last: boolean }> {
  let done = 0;
  do {
    const length = Math.min(size - done, MAX_SECTION);
    yield { offset: offset + done, size: length, last: done + length === size };
    done += length;
  } while (done < size);
}

/** Records one after another, none across a sector boundary (6.8.1.1). */
function packRecords(records: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let used = 0;
  const pad = (length: number) => {
    pieces.push(new Uint8Array(length));
    used += length;
  };
  for (const record of records) {
    if ((used % SECTOR) + record.length > SECTOR) pad(SECTOR - (used % SECTOR));
    pieces.push(record);
    used += record.length;
  }
  pad((SECTOR - (used % SECTOR)) % SECTOR);
  return joinBytes(...pieces);
}
