// SPDX-License-Identifier: Apache-2.0
import { createLayout, type Extent, layoutSource } from '../layout/layout.js';
import { assertInside, type ByteSource, readBytes, sliceSource } from '../layout/source.js';
import { viewOf } from '../layout/view.js';
import { NO_BLOCK, roundUp } from './format.js';
import { badInode, type ErofsInode, type Volume } from './parse-inode.js';

/** The format of a chunked file: how long its chunks are, and whether its table has eight bytes for each. */
const CHUNK = { bits: 0x1f, indexes: 0x20 } as const;

/**
 * Opens the content of an inode: nothing of it is read yet, and reads hold no more than they are asked for.
 * @throws ImageError `corrupt` for content that passes the end of the file system or crosses blocks where it must not,
 *   `unsupported` for compressed content
 */
export function contentOf(volume: Volume, inode: ErofsInode): ByteSource {
  if (inode.layout === 'compressed') throw badInode(inode.nid, 'is compressed', 'unsupported');
  if (inode.layout === 'chunked') return chunkedContent(volume, inode);
  const { blockSize, size: end, source } = volume;
  const { size, nid, places } = inode;
  const rest = size % blockSize;
  const tail = inode.layout === 'inline' && size > 0 ? rest || blockSize : 0;
  const extents: Extent[] = [];
  if (size > tail) {
    const begin = places.content * blockSize;
    // Blocks are there as a whole, the last one too.
    if (begin + roundUp(size - tail, blockSize) > end)
      throw badInode(nid, `has ${size} bytes of content, which pass the end of the file system`);
    extents.push({ offset: 0, source: sliceSource(source, begin, size - tail) });
  }
  if (tail > 0) {
    if ((places.behind % blockSize) + tail > blockSize)
      throw badInode(nid, 'has content behind it that crosses into the next block');
    if (places.behind + tail > end)
      throw badInode(nid, 'has content behind it that passes the end of the file system');
    extents.push({ offset: size - tail, source: sliceSource(source, places.behind, tail) });
  }
  const [first] = extents;
  return extents.length === 1 && first ? first.source : layoutSource(createLayout(size, extents));
}

function chunkedContent(volume: Volume, { nid, size, places }: ErofsInode): ByteSource {
  const format = places.content & 0xffff;
  if (format & ~(CHUNK.bits | CHUNK.indexes))
    throw badInode(nid, `has chunks of the format 0x${format.toString(16)}`, 'unsupported');
  const chunkSize = volume.blockSize * 2 ** (format & CHUNK.bits);
  const unit = format & CHUNK.indexes ? 8 : 4;
  const table = roundUp(places.behind, unit);
  if (table + Math.ceil(size / chunkSize) * unit > volume.size)
    throw badInode(nid, 'has a table of chunks that passes the end of the file system');

  /** Finds where a chunk begins; undefined for one of zeros. */
  const chunkAt = (index: number): number | undefined => {
    const entry = viewOf(readBytes(volume.source, table + index * unit, unit));
    const block = entry.getUint32(unit - 4, true);
    if (block === NO_BLOCK) return undefined;
    if (unit === 8 && entry.getUint16(2, true) !== 0)
      throw badInode(nid, 'has content on another device', 'unsupported');
    return block * volume.blockSize;
  };
  return {
    size,
    readInto(into, offset) {
      assertInside(size, offset, into.length, 'file');
      for (let done = 0; done < into.length; ) {
        const inside = (offset + done) % chunkSize;
        const part = into.subarray(done, done + chunkSize - inside);
        const chunk = chunkAt(Math.floor((offset + done) / chunkSize));
        if (chunk === undefined) part.fill(0);
        else if (chunk + inside + part.length > volume.size)
          throw badInode(nid, 'has a chunk that passes the end of the file system');
        else volume.source.readInto(part, chunk + inside);
        done += part.length;
      }
    },
  };
}
