// SPDX-License-Identifier: Apache-2.0
import { textOf } from '../layout/bytes.js';
import { readBytes } from '../layout/source.js';
import { viewOf } from '../layout/view.js';
import type { ByteString } from './entry.js';
import { roundUp, XATTR, XATTR_PREFIXES } from './format.js';
import { badInode, type ErofsInode, type Volume } from './parse-inode.js';

const PREFIXES = new Map(XATTR_PREFIXES);
/** Says that the name begins with one of a table of the file system's own. */
const LONG_PREFIX = 0x80;

/**
 * Reads the extended attributes of an inode: those behind it, and those that it shares with others.
 * @throws ImageError `corrupt` for one that passes the end of the others or is there twice, `unsupported` for a name that is
 *   written in a way not known here
 */
export function readXattrs(volume: Volume, inode: ErofsInode): Map<ByteString, Uint8Array> {
  const { nid, places } = inode;
  const found = new Map<ByteString, Uint8Array>();
  const add = (name: ByteString, value: Uint8Array) => {
    if (found.has(name)) throw badInode(nid, `has the attribute ${JSON.stringify(name)} twice`);
    found.set(name, value);
  };
  if (places.xattrsSize === 0) return found;
  const body = readBytes(volume.source, places.xattrs, places.xattrsSize);
  const shared = body[4] ?? 0;
  let at: number = XATTR.header + 4 * shared;
  if (at > body.length) throw badInode(nid, `shares ${shared} attributes, for which it has no room`);
  const view = viewOf(body);
  for (let index = 0; index < shared; index++) {
    const place = volume.sharedXattrs + 4 * view.getUint32(XATTR.header + 4 * index, true);
    add(...readShared(volume, nid, place));
  }
  while (at < body.length) {
    const length = lengthOf(body.subarray(at));
    if (length === undefined || at + length > body.length)
      throw badInode(nid, 'has an attribute that passes the end of all');
    add(...decode(nid, body.subarray(at, at + length)));
    at += roundUp(length, 4);
  }
  return found;
}

function readShared(volume: Volume, nid: number, place: number): [ByteString, Uint8Array] {
  const passes = badInode(nid, 'shares an attribute that passes the end of the file system');
  if (place + XATTR.entry > volume.size) throw passes;
  const length = lengthOf(readBytes(volume.source, place, XATTR.entry)) ?? 0;
  if (place + length > volume.size) throw passes;
  return decode(nid, readBytes(volume.source, place, length));
}

/** Returns how many bytes an attribute takes, by its first four; undefined where these are not there. */
function lengthOf(entry: Uint8Array): number | undefined {
  if (entry.length < XATTR.entry) return undefined;
  return XATTR.entry + (entry[0] ?? 0) + viewOf(entry).getUint16(2, true);
}

function decode(nid: number, entry: Uint8Array): [ByteString, Uint8Array] {
  const [length = 0, index = 0] = entry;
  if (index & LONG_PREFIX) throw badInode(nid, 'has an attribute with a long prefix', 'unsupported');
  const prefix = PREFIXES.get(index);
  if (prefix === undefined) throw badInode(nid, `has an attribute with the prefix ${index}`);
  const suffix = textOf(entry.subarray(XATTR.entry, XATTR.entry + length));
  return [prefix + suffix, Uint8Array.from(entry.subarray(XATTR.entry + length))];
}
