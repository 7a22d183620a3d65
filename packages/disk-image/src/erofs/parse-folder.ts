// SPDX-License-Identifier: Apache-2.0
import { textOf } from '../layout/bytes.js';
import { readBytes } from '../layout/source.js';
import { viewOf } from '../layout/view.js';
import { contentOf } from './content.js';
import { type ByteString, type ErofsType, showName, TYPES } from './entry.js';
import { DIRENT, MAX_NAME } from './format.js';
import { badInode, type ErofsInode, readInode, type Volume } from './parse-inode.js';

/** A name in a folder. */
export interface FolderEntry {
  readonly name: ByteString;
  readonly nid: number;
  readonly type: ErofsType;
}

/**
 * Reads the entries of a folder, `.` and `..` too, one block at a time.
 * @throws ImageError `corrupt` for entries that contradict the format, or names that could not be looked up or unpacked:
 *   out of order, twice, empty, too long, with a slash or NUL
 */
export function* readFolder(volume: Volume, folder: ErofsInode): Generator<FolderEntry, void, undefined> {
  const { nid } = folder;
  if (folder.size > volume.size) throw badInode(nid, `is a folder of ${folder.size} bytes`);
  const content = contentOf(volume, folder);
  let before = '';
  let own: number | undefined;
  let parent: number | undefined;
  for (let at = 0; at < content.size; at += volume.blockSize) {
    const block = readBytes(content, at, Math.min(volume.blockSize, content.size - at));
    for (const entry of readBlock(nid, block)) {
      const { name } = entry;
      if (name <= before)
        throw badInode(
          nid,
          `is a folder with ${showName(name)} ${name === before ? 'twice' : `behind ${showName(before)}`}`,
        );
      before = name;
      if (name === '.') own = entry.nid;
      if (name === '..') parent = entry.nid;
      yield entry;
    }
  }
  if (own !== nid || parent === undefined) throw badInode(nid, 'is a folder without its own . and ..');
}

function* readBlock(nid: number, block: Uint8Array): Generator<FolderEntry, void, undefined> {
  const view = viewOf(block);
  const names = block.length < DIRENT ? 0 : view.getUint16(8, true);
  if (names < DIRENT || names % DIRENT !== 0 || names > block.length)
    throw badInode(nid, `is a folder whose names begin at ${names}`);
  const count = names / DIRENT;
  for (let index = 0; index < count; index++) {
    const at = index * DIRENT;
    const start = view.getUint16(at + 8, true);
    const isLast = index === count - 1;
    const next = isLast ? block.length : view.getUint16(at + DIRENT + 8, true);
    if (start < names || next < start || next > block.length)
      throw badInode(nid, `is a folder with a name from ${start} to ${next}`);
    const whole = textOf(block.subarray(start, next));
    // Behind the last name the block is filled with zeros.
    const name = isLast ? (whole.split('\0', 1)[0] ?? '') : whole;
    if (name === '' || name.length > MAX_NAME || /[/\0]/.test(name))
      throw badInode(nid, `is a folder with the name ${showName(name)}`);
    const target = view.getBigUint64(at, true);
    if (target > BigInt(Number.MAX_SAFE_INTEGER))
      throw badInode(nid, `is a folder in which ${showName(name)} is inode ${target}`);
    const code = view.getUint8(at + 10);
    const type = TYPES.find((known) => known.code === code)?.type;
    if (type === undefined) throw badInode(nid, `is a folder in which ${showName(name)} is of type ${code}`);
    yield { name, nid: Number(target), type };
  }
}

/** Reads the inode of an entry, which has to be of the type that the entry says. @throws ImageError `corrupt` */
export function readNamed(volume: Volume, folder: ErofsInode, { name, nid, type }: FolderEntry): ErofsInode {
  const inode = readInode(volume, nid);
  if (inode.type === type) return inode;
  throw badInode(folder.nid, `is a folder in which ${showName(name)} is a ${type}, but a ${inode.type}`);
}
