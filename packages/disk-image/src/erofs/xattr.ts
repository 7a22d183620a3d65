// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { bytesOf, joinBytes, textOf } from '../layout/bytes.js';
import { assertAcl } from './acl.js';
import { type ByteString, showName } from './entry.js';
import { roundUp, XATTR, XATTR_PREFIXES } from './format.js';

/** Linux's limit of one value, which the field for its length does not quite reach. */
const MAX_VALUE = 0xffff;
/** What is written for one inode: as much as other file systems hold, and a bound for those who read it. */
const MAX_BODY = 1 << 16;

/**
 * Encodes the extended attributes of an inode as they stand behind it, in the order of their names. Nothing where
 * there are none.
 * @throws ImageError `bad-name` for a name that EROFS has no number for, `too-large` above 64 KiB in all, `corrupt` for
 *   an ACL that the kernel would not read
 */
export function encodeXattrs(xattrs: ReadonlyMap<ByteString, Uint8Array>): Uint8Array {
  if (xattrs.size === 0) return new Uint8Array();
  const entries = [...xattrs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => encode(name, value));
  const body = joinBytes(new Uint8Array(XATTR.header), ...entries);
  if (body.length > MAX_BODY) {
    throw new ImageError(
      'too-large',
      `has ${body.length} bytes of extended attributes, at most ${MAX_BODY} are written`,
    );
  }
  return body;
}

function encode(name: ByteString, value: Uint8Array): Uint8Array {
  const [index, prefix] = prefixOf(name);
  const suffix = name.slice(prefix.length);
  if (index === 2 || index === 3) assertAcl(name, value);
  if (value.length > MAX_VALUE) {
    throw new ImageError('too-large', `has an extended attribute ${showName(name)} of ${value.length} bytes`);
  }
  const bytes = new Uint8Array(roundUp(XATTR.entry + suffix.length + value.length, 4));
  bytes[0] = suffix.length;
  bytes[1] = index;
  bytes.set([value.length & 0xff, value.length >> 8], 2);
  bytes.set(bytesOf(suffix), XATTR.entry);
  bytes.set(value, XATTR.entry + suffix.length);
  return bytes;
}

function prefixOf(name: ByteString): readonly [number, string] {
  const found = XATTR_PREFIXES.find(([, prefix]) => name.startsWith(prefix));
  const rest = name.slice(found?.[1].length);
  const isWhole = found !== undefined && (found[1].endsWith('.') ? rest !== '' : rest === '');
  if (!isWhole || rest.includes('\0') || rest.length > 255) {
    throw new ImageError('bad-name', `has an extended attribute ${showName(name)}, which EROFS cannot name`);
  }
  return found;
}

/**
 * The attributes of all inodes, each set of them once: where every file has a label, few are different.
 */
export class XattrPool {
  /** Bounds the memory: bytes of all different sets. */
  static readonly MAX_BYTES = 1 << 28;
  readonly #ids = new Map<ByteString, number>();
  readonly #bodies: ByteString[] = [''];
  #used = 0;

  /** Returns the number of a set, 0 for none. @throws ImageError as {@link encodeXattrs} does */
  add(xattrs: ReadonlyMap<ByteString, Uint8Array>): number {
    if (xattrs.size === 0) return 0;
    const body = textOf(encodeXattrs(xattrs));
    const found = this.#ids.get(body);
    if (found !== undefined) return found;
    this.#used += body.length;
    if (this.#used > XattrPool.MAX_BYTES)
      throw new ImageError('too-large', `is one of too many with extended attributes of its own`);
    this.#ids.set(body, this.#bodies.length);
    return this.#bodies.push(body) - 1;
  }

  sizeOf(id: number): number {
    return this.#bodies[id]?.length ?? 0;
  }

  body(id: number): Uint8Array {
    return bytesOf(this.#bodies[id] ?? '');
  }
}
