// SPDX-License-Identifier: Apache-2.0
import { BLOCK, INODE } from './format.js';
import type { InodeTable } from './inodes.js';

/** What an inode and its content take. */
export interface Shape {
  /** Blocks of its own. */
  readonly blocks: number;
  /** Bytes of content behind the inode: the end of it, where that fits into one block with the inode. */
  readonly tail: number;
  /** Bytes of the inode with its extended attributes and the tail. */
  readonly length: number;
}

/** Tells what an inode takes, which follows from its size and attributes alone. */
export function shapeOf(inodes: InodeTable, inode: number): Shape {
  const size = inodes.sizeOf(inode);
  const head = INODE.extended + inodes.xattrs.sizeOf(inodes.xattrsOf(inode));
  const tail = size % BLOCK;
  return tail > 0 && head + tail <= BLOCK
    ? { blocks: (size - tail) / BLOCK, tail, length: head + tail }
    : { blocks: Math.ceil(size / BLOCK), tail: 0, length: head };
}
