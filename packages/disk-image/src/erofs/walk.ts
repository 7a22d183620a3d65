// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteString, showName } from './entry.js';
import { badInode, type ErofsInode } from './parse-inode.js';

/** Linux's PATH_MAX without its NUL: nothing below can be opened by its path. */
const MAX_PATH = 4095;

interface Named {
  readonly name: ByteString;
  readonly inode: ErofsInode;
}

/**
 * Gives everything below a folder. Folders have one name each, and no two share their blocks, so all of them together are
 * no longer than the file system: that bounds the walk through a damaged one.
 * @param size bytes of the file system
 * @param list lists a folder
 */
export function* walk(
  root: ErofsInode,
  size: number,
  list: (folder: ErofsInode) => Generator<Named, void, undefined>,
): Generator<Named, void, undefined> {
  const seen = new Set<number>();
  let read = 0;
  const enter = (name: ByteString, folder: ErofsInode) => {
    read += folder.size;
    if (seen.has(folder.nid))
      throw badInode(folder.nid, `is a folder that is reached a second time, as ${showName(name)}`);
    if (read > size)
      throw badInode(
        folder.nid,
        `is a folder of ${folder.size} bytes, with which folders have more than there are`,
      );
    seen.add(folder.nid);
    return { prefix: name === '' ? '' : `${name}/`, entries: list(folder) };
  };
  const open = [enter('', root)];
  for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
    const { done, value } = folder.entries.next();
    if (done === true) {
      open.pop();
      continue;
    }
    const name = folder.prefix + value.name;
    if (name.length > MAX_PATH)
      throw new ImageError('unsupported', `the path ${showName(name)} is longer than ${MAX_PATH} bytes`);
    yield { name, inode: value.inode };
    if (value.inode.type === 'folder') open.push(enter(name, value.inode));
  }
}
