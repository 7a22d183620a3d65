// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { assertAmount } from '../layout/amount.js';
import { bytesOf } from '../layout/bytes.js';
import type { Hole } from '../layout/layout.js';
import { encodeFolder } from './dirents.js';
import { type ByteString, showName } from './entry.js';
import { BLOCK } from './format.js';
import { formatInode } from './format-inode.js';
import { formatSuperblock } from './format-superblock.js';
import { BlockOutput } from './output.js';
import { BlockPacker } from './packer.js';
import { type ErofsPlan, ROOT_OFFSET } from './plan.js';
import { shapeOf } from './shape.js';

/** A file system that is being written, from its first byte to its last. */
export interface ErofsWriter {
  /**
   * Begins the next file: every one of the tree, empty ones too, in the order in which they were added. Returns its length.
   * @param path held to what was planned, where it is known
   * @throws ImageError `not-found` when it is another one's turn, `out-of-range` when the one before is not whole
   */
  file(path?: ByteString): number;
  /** Takes the next bytes of that file, or so many zeros. @throws ImageError `out-of-range` for more than were planned */
  content(piece: Uint8Array | Hole): void;
  /** Writes what is left. @throws ImageError `out-of-range` or `not-found` when content is missing */
  end(): void;
}

/**
 * Writes what was planned in one go: contents are read once and go through, in constant memory beside the tree. Nothing is
 * written before the first call.
 * @param sink takes whole blocks of 4096 bytes in order, at most a room at a time, which are good until it returns
 * @param room returns memory to gather them in, whole blocks; what it returned before was given to the sink. 1 MiB, and
 *   always the same, unless given
 */
export function writeErofs(
  plan: ErofsPlan,
  sink: (bytes: Uint8Array) => void,
  room?: () => Uint8Array,
): ErofsWriter {
  const stream = new ErofsStream(plan, sink, room);
  return {
    file: (path) => stream.file(path),
    content: (piece) => ('hole' in piece ? stream.zeros(piece.hole) : stream.content(piece)),
    end: () => stream.end(),
  };
}

const NOTHING = new Uint8Array();
const nameOf = (path: ByteString | undefined) => (path === undefined ? 'one more' : showName(path));

/** A file whose content goes by. */
interface OpenFile {
  readonly inode: number;
  readonly path: ByteString | undefined;
  readonly size: number;
  /** Where the part begins that stands behind the inode. */
  readonly tailFrom: number;
  readonly tail: Uint8Array;
  received: number;
}

class ErofsStream {
  readonly #plan: ErofsPlan;
  readonly #output: BlockOutput;
  readonly #packer: BlockPacker<Uint8Array>;
  /** The next inode that is no folder, and was not written. */
  #next = 0;
  #file: OpenFile | undefined;

  constructor(plan: ErofsPlan, sink: (bytes: Uint8Array) => void, room: (() => Uint8Array) | undefined) {
    this.#plan = plan;
    this.#output = new BlockOutput(sink, room);
    this.#packer = new BlockPacker<Uint8Array>(
      () => new Uint8Array(BLOCK),
      (block) => this.#output.write(block),
    );
  }

  file(path: ByteString | undefined): number {
    const { tree } = this.#plan;
    this.#advance();
    const inode = this.#next;
    const isNext = inode < tree.inodes.count && (path === undefined || tree.find(path) === inode);
    if (!isNext) throw new ImageError('not-found', `${nameOf(path)} is not the file that was planned next`);
    const size = tree.inodes.sizeOf(inode);
    const { blocks, tail } = shapeOf(tree.inodes, inode);
    this.#file = {
      inode,
      path,
      size,
      tailFrom: tail === 0 ? size : blocks * BLOCK,
      tail: tail === 0 ? NOTHING : new Uint8Array(tail),
      received: 0,
    };
    return size;
  }

  content(bytes: Uint8Array): void {
    const file = this.#take(bytes.length);
    const inBlocks = Math.max(0, Math.min(bytes.length, file.tailFrom - file.received));
    if (inBlocks > 0) this.#output.write(bytes.subarray(0, inBlocks));
    if (inBlocks < bytes.length)
      file.tail.set(bytes.subarray(inBlocks), file.received + inBlocks - file.tailFrom);
    file.received += bytes.length;
  }

  zeros(length: number): void {
    const file = this.#take(length);
    this.#output.zeros(Math.max(0, Math.min(length, file.tailFrom - file.received)));
    file.received += length;
  }

  end(): void {
    const { tree } = this.#plan;
    this.#advance();
    if (this.#next < tree.inodes.count) throw new ImageError('not-found', 'the content of a file is missing');
    this.#packer.flush();
    this.#output.flush();
  }

  #take(length: number): OpenFile {
    const file = this.#file;
    if (file === undefined) throw new ImageError('out-of-range', 'content that belongs to no file');
    assertAmount(`content of ${nameOf(file.path)}`, length);
    if (length > file.size - file.received) {
      throw new ImageError(
        'out-of-range',
        `${nameOf(file.path)} has more than the ${file.size} bytes that were planned`,
      );
    }
    return file;
  }

  /** Ends the file that is open, and writes all inodes up to the next file. */
  #advance(): void {
    const { inodes } = this.#plan.tree;
    if (this.#next === 0) this.#writeFolders();
    if (this.#file !== undefined) this.#endFile(this.#file);
    for (; this.#next < inodes.count && !inodes.isFile(this.#next); this.#next++) {
      if (!inodes.isFolder(this.#next)) this.#writeLink(this.#next);
    }
  }

  #endFile({ inode, path, size, received, tail }: OpenFile): void {
    if (received < size) {
      throw new ImageError('out-of-range', `${nameOf(path)} has ${received} bytes, but ${size} were planned`);
    }
    this.#output.pad();
    this.#writeInode(inode, tail);
    this.#file = undefined;
    this.#next++;
  }

  #writeFolders(): void {
    this.#writeRoot();
    for (const folder of this.#plan.folders.subarray(1))
      this.#writeInode(folder, this.#writeNames(folder, this.#output));
    this.#next = 1;
  }

  /** Writes the first block, and the root in it or behind it, in front of its own blocks. */
  #writeRoot(): void {
    const root = formatInode(this.#plan, 0);
    const tail = this.#writeNames(0, undefined);
    root.set(tail, root.length - tail.length);
    const first = new Uint8Array(BLOCK);
    const inside = ROOT_OFFSET + root.length <= BLOCK;
    if (inside) first.set(root, ROOT_OFFSET);
    formatSuperblock(this.#plan, first);
    this.#output.write(first);
    if (!inside) this.#output.write(root);
    this.#output.pad();
    this.#writeNames(0, this.#output);
  }

  /** Writes the blocks of a folder, if there is where. Returns what stands behind its inode. */
  #writeNames(folder: number, output: BlockOutput | undefined): Uint8Array {
    const { tree, sorted, nids } = this.#plan;
    let left = shapeOf(tree.inodes, folder).blocks;
    for (const bytes of encodeFolder(tree, sorted, folder, (inode) => nids.get(inode))) {
      if (left === 0) return bytes;
      output?.write(bytes);
      output?.pad();
      left--;
    }
    return NOTHING;
  }

  /** Writes a symbolic link, or what has no content at all. */
  #writeLink(inode: number): void {
    const { inodes } = this.#plan.tree;
    const { tail } = shapeOf(inodes, inode);
    const content = bytesOf(inodes.sizeOf(inode) > 0 ? inodes.targetOf(inode) : '');
    if (tail === 0) {
      this.#output.write(content);
      this.#output.pad();
    }
    this.#writeInode(inode, tail === 0 ? NOTHING : content);
  }

  #writeInode(inode: number, tail: Uint8Array): void {
    const bytes = formatInode(this.#plan, inode);
    bytes.set(tail, bytes.length - tail.length);
    if (bytes.length > BLOCK) {
      this.#output.write(bytes);
      this.#output.pad();
      return;
    }
    this.#packer.place(bytes.length, (block, offset) => block.set(bytes, offset));
  }
}
