// SPDX-License-Identifier: Apache-2.0
import { viewOf } from '../layout/view.js';
import { CODE_OF_BITS } from './entry.js';
import type { SortedFolders } from './folders.js';
import { BLOCK, DIRENT } from './format.js';
import type { ErofsTree } from './tree.js';

/** Cuts the names of a folder into blocks: gives of each where it ends among them, and its bytes. */
export function* direntBlocks(
  tree: ErofsTree,
  ids: Uint32Array,
): Generator<{ readonly end: number; readonly bytes: number }, void, undefined> {
  let bytes = 0;
  for (let index = 0; index < ids.length; index++) {
    const length = DIRENT + tree.names.lengthOf(ids[index] ?? 0);
    if (bytes + length > BLOCK) {
      yield { end: index, bytes };
      bytes = 0;
    }
    bytes += length;
  }
  yield { end: ids.length, bytes };
}

/** Returns the length of a folder's content: whole blocks, but for the last. */
export function folderSize(tree: ErofsTree, ids: Uint32Array): number {
  let blocks = 0;
  let last = 0;
  for (const { bytes } of direntBlocks(tree, ids)) {
    blocks++;
    last = bytes;
  }
  return (blocks - 1) * BLOCK + last;
}

/**
 * Encodes the content of a folder, block by block: entries of equal length, then their names.
 * @param nidOf the place of an inode
 */
export function* encodeFolder(
  tree: ErofsTree,
  sorted: SortedFolders,
  folder: number,
  nidOf: (inode: number) => number,
): Generator<Uint8Array, void, undefined> {
  const ids = sorted.namesIn(folder);
  let begin = 0;
  for (const { end, bytes } of direntBlocks(tree, ids)) {
    const block = new Uint8Array(bytes);
    const view = viewOf(block);
    let name = (end - begin) * DIRENT;
    for (let index = begin; index < end; index++) {
      const id = ids[index] ?? 0;
      const inode = sorted.inodeOf(folder, id);
      const at = (index - begin) * DIRENT;
      const nid = nidOf(inode);
      view.setUint32(at, nid >>> 0, true);
      view.setUint32(at + 4, Math.floor(nid / 2 ** 32), true);
      view.setUint16(at + 8, name, true);
      view.setUint8(at + 10, CODE_OF_BITS[tree.inodes.modeOf(inode) >> 12] ?? 0);
      name += tree.names.copy(id, block, name);
    }
    yield block;
    begin = end;
  }
}
