// SPDX-License-Identifier: Apache-2.0
import { shortDate } from './date.js';
import {
  FLAG_FOLDER,
  FLAG_MULTI_EXTENT,
  MAX_SECTION,
  SECTOR,
  setBoth16,
  setBoth32,
  setText,
  structure,
} from './format.js';
import { type EncodedDirectory, RecordWriter } from './record-writer.js';
import {
  alternateName,
  extensionReference,
  posixAttributes,
  sharingProtocol,
  timeStamps,
} from './rock-ridge.js';
import type { IsoExtent } from './spec.js';
import type { FolderNode } from './tree.js';

const FOLDER_MODE = 0o040755;
const FILE_MODE = 0o100644;

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
 * Makes a directory. Its size does not depend on where anything lies, so that is written into it later: every record is made once.
 * @param sizeOf of a file, by its path
 */
export function encodeDirectory(
  folder: FolderNode,
  sizeOf: (path: string) => number,
  epoch: number,
): EncodedDirectory {
  const writer = new RecordWriter(epoch);
  const times = timeStamps(epoch);
  const fileMode = posixAttributes(FILE_MODE, 1);
  const folderEntries = (node: FolderNode) => {
    const subfolders = node.children.filter((child) => 'folder' in child).length;
    return [posixAttributes(FOLDER_MODE, 2 + subfolders), times];
  };
  const addFolder = (identifier: string, node: FolderNode, entries: readonly Uint8Array[]) =>
    writer.add(identifier, FLAG_FOLDER, 0, entries, node);

  const root = folder.parent === folder;
  const own = folderEntries(folder);
  addFolder('\0', folder, root ? [sharingProtocol(), ...own, extensionReference()] : own);
  addFolder('\x01', folder.parent, folderEntries(folder.parent));
  for (const child of folder.children) {
    if ('folder' in child) {
      const { name } = child.folder;
      addFolder(child.identifier, child.folder, [...folderEntries(child.folder), ...alternateName(name)]);
    } else {
      const { path } = child.file.file;
      const entries = [fileMode, times, ...alternateName(child.file.name)];
      for (const { from, size, last } of sections(sizeOf(path))) {
        writer.add(child.identifier, last ? 0 : FLAG_MULTI_EXTENT, size, entries, { path, from });
      }
    }
  }
  return writer.end();
}

/** Divides a file into the sections that one record each can describe. */
function* sections(size: number): Generator<{ from: number; size: number; last: boolean }> {
  let done = 0;
  do {
    const length = Math.min(size - done, MAX_SECTION);
    yield { from: done, size: length, last: done + length === size };
    done += length;
  } while (done < size);
}
