// SPDX-License-Identifier: Apache-2.0
import { bytesSource, createLayout, type Extent, type Layout } from '@latticra/disk-image';
import { type ArchiveEntry, aligned, assertEntries, FILE_TYPE, HEADER_SIZE, TRAILER } from './entry.js';

/**
 * Plans an archive as Linux unpacks it (cpio, the format newc): root owns everything, the time is 0, files are numbered
 * from 1 on. The same entries give the same bytes.
 * @throws LinuxImageError `initramfs-bad-file`
 */
export function createArchive(entries: readonly ArchiveEntry[]): Layout {
  assertEntries(entries);
  const extents: Extent[] = [];
  let at = 0;
  const put = (bytes: Uint8Array) => {
    extents.push({ offset: at, source: bytesSource(bytes) });
    at = aligned(at + bytes.length);
  };
  entries.forEach((entry, index) => {
    put(header(entry, index + 1));
    if (entry.content !== undefined) put(entry.content);
  });
  put(header(undefined, 0));
  return createLayout(at, extents);
}

/** Formats the header of an entry with its name; of the end where there is none. */
export function header(entry: ArchiveEntry | undefined, inode: number): Uint8Array {
  const { path, mode, content } = entry ?? { path: TRAILER, mode: 0, content: new Uint8Array(0) };
  const type = content === undefined ? FILE_TYPE.folder : FILE_TYPE.file;
  const fields = [
    inode,
    entry === undefined ? 0 : type | mode,
    0, // user
    0, // group
    1, // links
    0, // time
    content?.length ?? 0,
    0, // device that it lies on
    0,
    0, // device that it is
    0,
    path.length + 1,
    0, // checksum
  ];
  const text = `070701${fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0')).join('')}`;
  const bytes = Buffer.alloc(aligned(HEADER_SIZE + path.length + 1));
  bytes.write(text + path, 'latin1');
  return bytes;
}
