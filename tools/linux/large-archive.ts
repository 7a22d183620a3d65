// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, writeSync } from 'node:fs';
import { ROOT_MEMBERS } from '../../packages/linux-release/src/testing/release.js';
import { gnuLong, member, octal, paxRecord, type TestMember } from '../../packages/tar/test/archive.js';

/** What is in a root besides what makes it one. */
export interface LargeRoot {
  /** Small files, a thousand in a folder. */
  readonly files: number;
  /** The most bytes that one of them has; they have half of it on average. */
  readonly mostBytes: number;
  /** Bytes of a single file. */
  readonly largeBytes: number;
  /** Files with a name of 255 bytes. */
  readonly longNames: number;
  /** Other names of small files, in other folders than those. */
  readonly links: number;
  /** Bytes of the extended attributes of one file. */
  readonly xattrBytes: number;
}

const PIECE = 1 << 20;
const FILES_IN_FOLDER = 1000;

const folder = (name: string): TestMember => ({ name, type: '5', raw: { 100: '0000755\0' } });
const folderOf = (index: number) => `./data/d${Math.floor(index / FILES_IN_FOLDER)}/`;
const pathOf = (index: number) => `${folderOf(index)}f${index}`;

/** Writes the archive of a root piece by piece: it may be larger than memory. Returns its bytes. */
export function writeLargeArchive(path: string, root: LargeRoot): number {
  const fd = openSync(path, 'w');
  let total = 0;
  let gathered: Uint8Array[] = [];
  let length = 0;
  const flush = () => {
    const bytes = Buffer.concat(gathered);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    total += bytes.length;
    [gathered, length] = [[], 0];
  };
  const put = (bytes: Uint8Array) => {
    gathered.push(bytes);
    length += bytes.length;
    if (length > PIECE) flush();
  };
  try {
    for (const block of membersOf(root)) put(block);
    put(Buffer.alloc(1024));
    flush();
  } finally {
    closeSync(fd);
  }
  return total;
}

function* membersOf({
  files,
  mostBytes,
  largeBytes,
  longNames,
  links,
  xattrBytes,
}: LargeRoot): Generator<Uint8Array> {
  for (const each of ROOT_MEMBERS) yield member(each);
  yield member(folder('./data/'));
  const content = Buffer.alloc(mostBytes + 1);
  for (let at = 0; at < content.length; at++) content[at] = (at * 197) >> 3;
  for (let index = 0; index < files; index++) {
    if (index % FILES_IN_FOLDER === 0) yield member(folder(folderOf(index)));
    const size = (index * 7919) % (mostBytes + 1);
    yield member({ name: pathOf(index), content: content.subarray(0, size) });
  }
  for (let index = 0; index < longNames; index++) {
    const name = `./long/${String(index).padStart(255, 'n')}`;
    yield member(gnuLong('L', name));
    yield member({ name: name.slice(0, 100), magic: 'ustar  \0', content: 'x' });
  }
  for (let index = 0; index < links; index++) {
    yield member({ name: `./links/l${index}`, type: '1', link: pathOf((index * 31) % files) });
  }
  if (xattrBytes > 0) {
    yield member({
      name: 'PaxHeaders/0',
      type: 'x',
      content: paxRecord('SCHILY.xattr.user.large', 'v'.repeat(xattrBytes)),
    });
    yield member({ name: './attributes', content: 'x' });
  }
  if (largeBytes > 0) yield* largeFile(largeBytes);
}

function* largeFile(bytes: number): Generator<Uint8Array> {
  // The header alone: what `member` puts behind it would have to be in memory.
  yield member({ name: './large', size: octal(bytes) });
  const piece = Buffer.alloc(PIECE);
  for (let at = 0; at < piece.length; at++) piece[at] = (at * 131) >> 5;
  for (let at = 0; at < bytes; at += PIECE) {
    piece.writeDoubleLE(at, 0);
    yield Buffer.from(piece.subarray(0, Math.min(PIECE, bytes - at)));
  }
  yield Buffer.alloc(-bytes & 511);
}
