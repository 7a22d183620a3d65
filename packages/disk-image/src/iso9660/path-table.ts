// SPDX-License-Identifier: Apache-2.0
import { joinBytes } from '../layout/bytes.js';
import { SECTOR, setText, structure } from './format.js';
import type { IsoExtent } from './spec.js';
import type { FolderNode } from './tree.js';

/**
 * Makes a path table (ECMA-119, 9.4): every folder, its place and its parent's number.
 * @param folders in the order of the table; the parent number is 16 bits wide
 * @param littleEndian true for the L table, false for the M table
 */
export function encodePathTable(
  folders: readonly FolderNode[],
  place: (folder: FolderNode) => IsoExtent,
  littleEndian: boolean,
): Uint8Array {
  const numbers = new Map(folders.map((folder, index) => [folder, index + 1]));
  return joinBytes(
    ...folders.map((folder) => {
      const { identifier } = folder;
      return structure(8 + identifier.length + (identifier.length % 2), (view) => {
        view.setUint8(0, identifier.length);
        view.setUint32(2, place(folder).offset / SECTOR, littleEndian);
        view.setUint16(6, numbers.get(folder.parent) ?? 1, littleEndian);
        setText(view, 8, identifier.length, identifier);
      });
    }),
  );
}
