// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { type ErofsMetadata, type ErofsType, TYPES } from './entry.js';
import { DATA_LAYOUT, INODE, PERMISSION_BITS, SLOT, TYPE_BITS, XATTR } from './format.js';
import type { Superblock } from './parse-superblock.js';

/** What is read from, and where its parts are. */
export interface Volume extends Superblock {
  readonly source: ByteSource;
}

/** An inode of a file system. */
export interface ErofsInode extends Omit<ErofsMetadata, 'xattrs'> {
  readonly type: ErofsType;
  /** Its number: where it lies, in slots of 32 bytes. */
  readonly nid: number;
  /** How many names it should have; of a folder also those that its folders have for it. */
  readonly links: number;
  /** `compressed` is one that cannot be read here. */
  readonly layout: 'plain' | 'inline' | 'chunked' | 'compressed';
  readonly places: InodePlaces;
}

/** Where the parts of an inode are, in bytes from the beginning of the file system. */
export interface InodePlaces {
  readonly inode: number;
  readonly xattrs: number;
  readonly xattrsSize: number;
  /** Behind both: the end of its content, or the table of its chunks. */
  readonly behind: number;
  /** The word that says where its content begins, or how long its chunks are. */
  readonly content: number;
}

const LAYOUTS: Readonly<Record<number, ErofsInode['layout']>> = {
  [DATA_LAYOUT.plain]: 'plain',
  [DATA_LAYOUT.compressedFull]: 'compressed',
  [DATA_LAYOUT.inline]: 'inline',
  [DATA_LAYOUT.compressed]: 'compressed',
  [DATA_LAYOUT.chunked]: 'chunked',
};

/** Refuses something of an inode. */
export const badInode = (nid: number, what: string, code: 'corrupt' | 'unsupported' = 'corrupt') =>
  new ImageError(code, `EROFS inode ${nid} ${what}`);

/**
 * Reads an inode, of either length.
 * @throws ImageError `corrupt` where there can be none, `unsupported` for a form that is not known here
 */
export function readInode(volume: Volume, nid: number): ErofsInode {
  const at = volume.metadata + nid * SLOT;
  if (!(nid >= 0 && at + INODE.compact <= volume.size)) throw badInode(nid, 'lies outside the file system');
  const format = readStructure(volume.source, at, 2, `EROFS inode ${nid}`).getUint16(0, true);
  const layout = LAYOUTS[format >> 1];
  if (layout === undefined) throw badInode(nid, `has the format 0x${format.toString(16)}`, 'unsupported');
  const length = format & 1 ? INODE.extended : INODE.compact;
  if (at + length > volume.size) throw badInode(nid, 'passes the end of the file system');
  const view = readStructure(volume.source, at, length, `EROFS inode ${nid}`);
  const fields = length === INODE.extended ? readExtended(view) : readCompact(view, volume);
  const mode = view.getUint16(4, true);
  const type = TYPES.find(({ bits }) => bits === (mode & TYPE_BITS))?.type;
  if (type === undefined) throw badInode(nid, `has the mode 0${mode.toString(8)}`);
  if (fields.size > BigInt(Number.MAX_SAFE_INTEGER)) throw badInode(nid, `has a size of ${fields.size}`);
  if (fields.seconds > Number.MAX_SAFE_INTEGER || fields.seconds < Number.MIN_SAFE_INTEGER)
    throw badInode(nid, `has a time of ${fields.seconds} seconds`);
  if (fields.nanoseconds > 999_999_999)
    throw badInode(nid, `has a time of ${fields.nanoseconds} nanoseconds`);
  const count = view.getUint16(2, true);
  const xattrsSize = count === 0 ? 0 : XATTR.header + 4 * (count - 1);
  const behind = at + length + xattrsSize;
  if (behind > volume.size) throw badInode(nid, 'has attributes that pass the end of the file system');
  const content = view.getUint32(16, true);
  return {
    type,
    nid,
    mode: mode & PERMISSION_BITS,
    uid: fields.uid,
    gid: fields.gid,
    mtime: { seconds: Number(fields.seconds), nanoseconds: fields.nanoseconds },
    size: Number(fields.size),
    links: fields.links,
    device: type === 'character-device' || type === 'block-device' ? deviceOf(content) : undefined,
    layout,
    places: { inode: at, xattrs: at + length, xattrsSize, behind, content },
  };
}

const readExtended = (view: DataView) => ({
  size: view.getBigUint64(8, true),
  uid: view.getUint32(24, true),
  gid: view.getUint32(28, true),
  seconds: view.getBigInt64(32, true),
  nanoseconds: view.getUint32(40, true),
  links: view.getUint32(44, true),
});

/** A short inode has the time of the whole file system. */
const readCompact = (view: DataView, { builtAt }: Volume) => ({
  size: BigInt(view.getUint32(8, true)),
  uid: view.getUint16(24, true),
  gid: view.getUint16(26, true),
  seconds: BigInt(builtAt.seconds),
  nanoseconds: builtAt.nanoseconds,
  links: view.getUint16(6, true),
});

const deviceOf = (word: number) => ({
  major: (word >>> 8) & 0xfff,
  minor: (word & 0xff) | ((word >>> 12) & 0xfff00),
});
