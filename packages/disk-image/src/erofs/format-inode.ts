// SPDX-License-Identifier: Apache-2.0
import { viewOf } from '../layout/view.js';
import { DATA_LAYOUT, INODE, NO_BLOCK, TYPE_BITS, XATTR } from './format.js';
import type { ErofsPlan } from './plan.js';
import { shapeOf } from './shape.js';

const LONG = 1;
const DEVICES: readonly number[] = [0o020000, 0o060000];

/** Encodes an inode with its attributes behind it, and room for the end of its content. */
export function formatInode({ tree, starts, options }: ErofsPlan, inode: number): Uint8Array {
  const { inodes } = tree;
  const { blocks, tail, length } = shapeOf(inodes, inode);
  const xattrs = inodes.xattrs.body(inodes.xattrsOf(inode));
  const implied = inodes.isImplied(inode);
  const mode = inodes.modeOf(inode);
  const bytes = new Uint8Array(length);
  const view = viewOf(bytes);
  view.setUint16(0, LONG | ((tail > 0 ? DATA_LAYOUT.inline : DATA_LAYOUT.plain) << 1), true);
  view.setUint16(2, xattrs.length === 0 ? 0 : (xattrs.length - XATTR.header) / 4 + 1, true);
  view.setUint16(4, mode, true);
  set64(view, 8, inodes.sizeOf(inode));
  if (DEVICES.includes(mode & TYPE_BITS)) view.setUint32(16, inodes.deviceOf(inode), true);
  else view.setUint32(16, blocks > 0 ? starts.get(inode) : tail > 0 ? NO_BLOCK : 0, true);
  view.setUint32(20, inode + 1, true);
  view.setUint32(24, inodes.uidOf(inode), true);
  view.setUint32(28, inodes.gidOf(inode), true);
  set64(view, 32, implied ? options.epoch : inodes.secondsOf(inode));
  view.setUint32(40, implied ? 0 : inodes.nanosecondsOf(inode), true);
  view.setUint32(44, inodes.linksOf(inode), true);
  bytes.set(xattrs, INODE.extended);
  return bytes;
}

/** Writes a whole number of 64 bits, which may be negative. */
function set64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
}
