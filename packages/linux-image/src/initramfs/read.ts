// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, readBytes } from '@latticra/disk-image';
import { LinuxImageError } from '../error.js';
import { type ArchiveEntry, aligned, assertEntries, FILE_TYPE, HEADER_SIZE, TRAILER } from './entry.js';
import { header } from './write.js';

const NAME_LIMIT = 256;
/** More than any module or program of ours has. */
const CONTENT_LIMIT = 64 << 20;

const damaged = (at: number, what: string) =>
  new LinuxImageError('initramfs-bad-archive', `the archive behind the initramfs, byte ${at}: ${what}`, {
    fix: 'make the image again',
  });

/**
 * Reads an archive of ours that fills `source`: what is not as {@link createArchive} writes it is refused, so that
 * writing what was read gives the same bytes.
 * @throws LinuxImageError `initramfs-bad-archive`, `initramfs-bad-file`
 */
export function readArchive(source: ByteSource): ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  let at = 0;
  const take = (length: number): Uint8Array => {
    const end = aligned(at + length);
    if (end > source.size) throw damaged(at, `it ends ${end - source.size} bytes too early`);
    const bytes = readBytes(source, at, end - at);
    if (bytes.subarray(length).some((byte) => byte !== 0)) throw damaged(at, 'something in its padding');
    at = end;
    return bytes.subarray(0, length);
  };
  for (;;) {
    const start = at;
    const { inode, entry, size } = parseHeader(source, start);
    const isEnd = entry.path === TRAILER;
    const content = isEnd || entry.content === undefined ? entry.content : new Uint8Array(0);
    const expected = header(isEnd ? undefined : { ...entry, content }, inode);
    // Everything but the size of the content, which was not read yet.
    const found = Buffer.from(take(expected.length));
    found.fill('0', SIZE.from, SIZE.to);
    if (Buffer.compare(found, expected) !== 0) throw damaged(start, 'a header that is not ours');
    if (isEnd ? size !== 0 || inode !== 0 : inode !== entries.length + 1) {
      throw damaged(start, 'a header that is not ours');
    }
    if (isEnd) break;
    if (size > CONTENT_LIMIT) throw damaged(start, `a file of ${size} bytes`);
    if (entry.content === undefined && size > 0) throw damaged(start, 'a folder with a content');
    entries.push({ ...entry, content: entry.content && Uint8Array.from(take(size)) });
  }
  if (at !== source.size) throw damaged(at, 'something behind its end');
  assertEntries(entries);
  return entries;
}

const SIZE = { from: 54, to: 62 } as const;

/** Reads what a header says, each number as far as it is one; whether it is as ours is another question. */
function parseHeader(source: ByteSource, at: number): { inode: number; entry: ArchiveEntry; size: number } {
  const available = Math.min(HEADER_SIZE + NAME_LIMIT, source.size - at);
  if (available < HEADER_SIZE) throw damaged(at, 'it ends without its last entry');
  const bytes = Buffer.from(readBytes(source, at, available));
  const number = (index: number) => {
    const text = bytes.toString('latin1', 6 + index * 8, 14 + index * 8);
    if (!/^[0-9A-F]{8}$/.test(text)) throw damaged(at, 'a header that is not ours');
    return Number.parseInt(text, 16);
  };
  const mode = number(1);
  const path = bytes.toString('latin1', HEADER_SIZE, HEADER_SIZE + Math.max(0, number(11) - 1));
  const isFolder = (mode & 0o170000) === FILE_TYPE.folder;
  return {
    inode: number(0),
    entry: { path, mode: mode & 0o7777, content: isFolder ? undefined : new Uint8Array(0) },
    size: number(6),
  };
}
