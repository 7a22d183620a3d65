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
import type { EncodedDirectory, RecordWriter } from './record-writer.js';
import { extensionReference, posixAttributes, sharingProtocol, timeStamps } from './rock-ridge.js';
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

/** Makes a directory. Its size does not depend on where anything lies, so that is written into it later: every record is made once. */
export function encodeDirectory(folder: FolderNode, epoch: number, writer: RecordWriter): EncodedDirectory {
  const times = timeStamps(epoch);
  const ofFile = [posixAttributes(FILE_MODE, 1), times];
  const folderEntries = (node: FolderNode) => {
    const subfolders = node.children.filter((child) => 'folder' in child).length;
    return [posixAttributes(FOLDER_MODE, 2 + subfolders), times];
  };
  const addFolder = (identifier: string, node: FolderNode, entries: readonly Uint8Array[], name?: string) =>
    writer.add({ identifier, flags: FLAG_FOLDER, size: 0, entries, name, of: node, from: 0 });

  const root = folder.parent === folder;
  const own = folderEntries(folder);
  addFolder('\0', folder, root ? [sharingProtocol(), ...own, extensionReference()] : own);
  addFolder('\x01', folder.parent, folderEntries(folder.parent));
  for (const child of folder.children) {
    if ('folder' in child) {
      addFolder(child.identifier, child.folder, folderEntries(child.folder), child.folder.name);
    } else {
      const { name, file } = child;
      const identifier = `${child.identifier};1`;
      // A record for each section: what one can describe.
      let from = 0;
      do {
        const size = Math.min(file.size - from, MAX_SECTION);
        const flags = from + size === file.size ? 0 : FLAG_MULTI_EXTENT;
        writer.add({ identifier, flags, size, entries: ofFile, name, of: file.path, from });
        from += size;
      } while (from < file.size);
    }
  }
  return writer.end();
}
