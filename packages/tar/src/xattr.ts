// SPDX-License-Identifier: Apache-2.0
import { readAcl } from './acl.js';
import type { Problem } from './error.js';
import type { ByteString } from './name.js';

/** star's records have the value as it is, libarchive's the name percent-encoded and the value in base64. */
const STAR = 'SCHILY.xattr.';
const LIBARCHIVE = 'LIBARCHIVE.xattr.';

/**
 * Takes down the extended attribute of a file that a pax record holds, if it holds one; an ACL is one too. Writers that write it in both
 * forms have to say the same in both.
 * @returns what is wrong with it, in words, where something is
 */
export function readXattr(
  key: string,
  value: string,
  into: Map<ByteString, Uint8Array>,
): Problem | string | undefined {
  const acl = readAcl(key, value);
  if (typeof acl === 'string' || (acl !== undefined && 'reason' in acl)) return acl;
  if (acl !== undefined) return add(acl.name, Buffer.from(acl.value), into);
  const isStar = key.startsWith(STAR);
  if (!isStar && !key.startsWith(LIBARCHIVE)) return undefined;
  const name = isStar ? key.slice(STAR.length) : decodeName(key.slice(LIBARCHIVE.length));
  const bytes = isStar ? Buffer.from(value, 'latin1') : decodeBase64(value);
  if (name === undefined || name === '') return 'has an extended attribute without a name';
  if (bytes === undefined) return `has an extended attribute in ${key} that is no base64`;
  return add(name, bytes, into);
}

function add(name: ByteString, bytes: Buffer, into: Map<ByteString, Uint8Array>): string | undefined {
  const other = into.get(name);
  if (other !== undefined && !bytes.equals(other)) return `has two values for the extended attribute ${name}`;
  into.set(name, bytes);
  return undefined;
}

function decodeName(text: string): ByteString | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/={0,2}$/, '') ? bytes : undefined;
}
