// SPDX-License-Identifier: Apache-2.0
import { type Problem, problem } from './error.js';

const PREFIX = 'SCHILY.acl.';
/** The records of pax for ACLs, and the extended attributes that Linux keeps them in. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  access: 'system.posix_acl_access',
  default: 'system.posix_acl_default',
};

/** Tags of the kernel's binary form (include/uapi/linux/posix_acl.h), which are also the order of its entries. */
const TAG = { user: 1, namedUser: 2, group: 4, namedGroup: 8, mask: 16, other: 32 } as const;
const NO_ID = 0xffffffff;
const VERSION = 2;
/** More entries than anybody keeps apart. */
const MAX_ENTRIES = 1000;

/** An entry as text: tag, qualifier, permissions, and the number of the qualifier as star adds it. */
const ENTRY = /^(user|u|group|g|mask|m|other|o):([^:]*):([r-][w-][x-])(?::(\d{1,10}))?$/;

interface Entry {
  readonly tag: number;
  readonly id: number;
  readonly permissions: number;
}

/** An ACL that a pax record holds, by the name of its attribute; or what is wrong with it, in words. */
export type PaxAcl = { readonly name: string; readonly value: Uint8Array } | Problem | string;

/** GNU tar leaves the number out, whatever it is told. */
const WITH_NUMBERS =
  "make the archive again with bsdtar --acls, or with tar --xattrs --xattrs-include='*': both keep the numbers";

/**
 * Reads the ACL of a pax record as GNU tar and star write it, in text, and gives it as Linux keeps it. Users and groups have to
 * have numbers: what a name means is another thing on every machine that unpacks it.
 * @returns undefined for a record of something else
 */
export function readAcl(key: string, text: string): PaxAcl | undefined {
  if (!key.startsWith(PREFIX)) return undefined;
  const kind = key.slice(PREFIX.length);
  const name = Object.hasOwn(ATTRIBUTES, kind) ? ATTRIBUTES[kind] : undefined;
  if (name === undefined) return `has an ACL of another kind, ${key}`;
  const lines = text.split(/[,\n]/).filter((line) => line !== '');
  if (lines.length > MAX_ENTRIES) return `has an ACL of over ${MAX_ENTRIES} entries`;
  const entries: Entry[] = [];
  for (const line of lines) {
    const entry = readEntry(line.replace(/\s*(?:#.*)?$/, '').trim());
    if (typeof entry === 'string' || 'reason' in entry) return entry;
    entries.push(entry);
  }
  entries.sort((a, b) => a.tag - b.tag || a.id - b.id);
  const doubled = entries.some((entry, index) => {
    const before = entries[index - 1];
    return before?.tag === entry.tag && before.id === entry.id;
  });
  const has = (tag: number) => entries.some((entry) => entry.tag === tag);
  const isWhole = has(TAG.user) && has(TAG.group) && has(TAG.other);
  const needsMask = (has(TAG.namedUser) || has(TAG.namedGroup)) && !has(TAG.mask);
  if (doubled || !isWhole || needsMask) return 'has an ACL that is not whole, or says something twice';
  return { name, value: encode(entries) };
}

function readEntry(line: string): Entry | Problem | string {
  const [, word = '', qualifier = '', letters = '', number] = ENTRY.exec(line) ?? [];
  if (word === '') return 'has an ACL with an entry that is none';
  const permissions =
    (letters[0] === 'r' ? 4 : 0) + (letters[1] === 'w' ? 2 : 0) + (letters[2] === 'x' ? 1 : 0);
  const isNamed = qualifier !== '';
  if (word.startsWith('m') || word.startsWith('o')) {
    if (isNamed) return 'has an ACL with an entry that is none';
    return { tag: word.startsWith('m') ? TAG.mask : TAG.other, id: NO_ID, permissions };
  }
  const isUser = word.startsWith('u');
  if (!isNamed) return { tag: isUser ? TAG.user : TAG.group, id: NO_ID, permissions };
  const digits = number ?? qualifier;
  if (!/^\d+$/.test(digits) || Number(digits) >= NO_ID) {
    const who = `${isUser ? 'user' : 'group'} ${JSON.stringify(qualifier.slice(0, 40))}`;
    return problem(`has an ACL for the ${who} without a number`, WITH_NUMBERS);
  }
  return { tag: isUser ? TAG.namedUser : TAG.namedGroup, id: Number(digits), permissions };
}

function encode(entries: readonly Entry[]): Uint8Array {
  const bytes = Buffer.alloc(4 + entries.length * 8);
  bytes.writeUInt32LE(VERSION);
  for (const [index, { tag, id, permissions }] of entries.entries()) {
    bytes.writeUInt16LE(tag, 4 + index * 8);
    bytes.writeUInt16LE(permissions, 6 + index * 8);
    bytes.writeUInt32LE(id, 8 + index * 8);
  }
  return bytes;
}
