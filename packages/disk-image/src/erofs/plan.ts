// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { uuidBytes } from '../gpt/guid.js';
import { type Column, numbers, words } from './column.js';
import { folderSize } from './dirents.js';
import { SortedFolders } from './folders.js';
import { BLOCK, NO_BLOCK, SLOT, SLOTS_PER_BLOCK, SUPERBLOCK } from './format.js';
import { BlockPacker } from './packer.js';
import { shapeOf } from './shape.js';
import type { ErofsTree } from './tree.js';

/** What a file system says of itself as a whole. */
export interface ErofsOptions {
  /** 8-4-4-4-12 hexadecimal digits, in any case. */
  readonly uuid: string;
  /** Up to 16 bytes of ASCII; none unless given. */
  readonly volumeName?: string;
  /** Seconds since 1970: when it was built, and the time of folders of which nothing was said. */
  readonly epoch: number;
}

/** Where everything of a file system lies. The same tree, grown in the same order, gives the same plan. */
export interface ErofsPlan {
  /** Bytes, whole blocks of 4096. */
  readonly size: number;
  readonly blocks: number;
  readonly inodes: number;
  readonly options: ErofsOptions;
  readonly tree: ErofsTree;
  readonly sorted: SortedFolders;
  /** The inodes of all folders, level by level. */
  readonly folders: Uint32Array;
  /** Of each inode its place in slots of 32 bytes, and the first block of its content. */
  readonly nids: Column;
  readonly starts: Column;
}

/** Behind the superblock, where the root lies if it fits: its place is a number of 16 bits. */
export const ROOT_OFFSET = SUPERBLOCK.offset + SUPERBLOCK.size;

/**
 * Decides where everything in an EROFS file system lies, from a tree without contents: the root, folders level by level,
 * then all else in the order in which it was added. The tree must not grow afterwards.
 * @throws ImageError `bad-name` for a UUID or a volume name that cannot be written, `too-large` above 16 TiB
 */
export function planErofs(tree: ErofsTree, options: ErofsOptions): ErofsPlan {
  assertOptions(options);
  const { inodes } = tree;
  const sorted = new SortedFolders(tree);
  const folders = sorted.levels();
  for (const folder of folders) inodes.setSize(folder, folderSize(tree, sorted.namesIn(folder)));

  const nids = numbers();
  const starts = words();
  let end = 1;
  const packer = new BlockPacker<number[]>(
    () => [],
    (placed) => {
      for (let index = 0; index < placed.length; index += 2) {
        nids.set(placed[index] ?? 0, end * SLOTS_PER_BLOCK + (placed[index + 1] ?? 0) / SLOT);
      }
      end++;
    },
  );
  /** Places an inode without others beside it, from a block of its own on. */
  const placeAlone = (inode: number, length: number) => {
    nids.set(inode, end * SLOTS_PER_BLOCK);
    end += Math.ceil(length / BLOCK);
  };
  const placeContent = (inode: number, blocks: number) => {
    starts.set(inode, blocks > 0 ? end : NO_BLOCK);
    end += blocks;
  };
  const place = (inode: number) => {
    const { blocks, length } = shapeOf(inodes, inode);
    placeContent(inode, blocks);
    if (length > BLOCK) return placeAlone(inode, length);
    packer.place(length, (placed, offset) => placed.push(inode, offset));
  };

  const root = shapeOf(inodes, 0);
  if (ROOT_OFFSET + root.length <= BLOCK) nids.set(0, ROOT_OFFSET / SLOT);
  else placeAlone(0, root.length);
  placeContent(0, root.blocks);
  for (const folder of folders.subarray(1)) place(folder);
  for (let inode = 1; inode < inodes.count; inode++) if (!inodes.isFolder(inode)) place(inode);
  packer.flush();
  if (end >= NO_BLOCK) throw new ImageError('too-large', `${end} blocks: EROFS counts at most 16 TiB`);
  return {
    size: end * BLOCK,
    blocks: end,
    inodes: inodes.count,
    options,
    tree,
    sorted,
    folders,
    nids,
    starts,
  };
}

function assertOptions({ uuid, volumeName = '', epoch }: ErofsOptions): void {
  uuidBytes(uuid);
  if (!/^[\x20-\x7e]{0,16}$/.test(volumeName))
    throw new ImageError('bad-name', `volume name ${JSON.stringify(volumeName)} is not up to 16 of ASCII`);
  if (!(Number.isSafeInteger(epoch) && epoch >= 0))
    throw new ImageError('out-of-range', `epoch ${epoch} is no number of seconds`);
}
