// SPDX-License-Identifier: Apache-2.0
import { BLOCK_BYTES, headerChecksum, TarError, type TarMember, walkTar } from '@latticra/tar';
import { BootSeedError } from '../error.js';

/** Fields of a header that change with its time (POSIX.1-2017, pax, "ustar Interchange Format"). */
const MTIME = { at: 136, digits: 11 } as const;
const CHECKSUM = { at: 148, digits: 6 } as const;

/**
 * Orders the members of a tar archive by name and dates them, in place.
 * @param archive whole blocks, ending in blocks of zeros or where it ends
 * @param time seconds since 1970
 * @throws BootSeedError `grub-unfit-image` for what is no archive of plain files and folders
 */
export function sortTar(archive: Buffer, time: number): void {
  const members = readMembers(archive).map(({ path, places: { start, header, end } }) => {
    const bytes = Buffer.from(archive.subarray(start, end));
    setTime(bytes.subarray(header - start), time);
    return { path, bytes };
  });
  let at = 0;
  for (const { bytes } of members.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    bytes.copy(archive, at);
    at += bytes.length;
  }
}

function readMembers(archive: Uint8Array): TarMember[] {
  const members: TarMember[] = [];
  const walk = walkTar({ onMember: (member) => members.push(member) });
  try {
    walk.push(archive);
    // grub-mkstandalone writes one block of zeros where an archive ends in two. A file that is cut off needs more.
    walk.push(Buffer.alloc(2 * BLOCK_BYTES));
    walk.end();
  } catch (cause) {
    if (!(cause instanceof TarError)) throw cause;
    throw unfit(`is no whole archive: ${cause.message}`, cause);
  }
  const other = members.find(({ type }) => type !== 'file' && type !== 'folder');
  if (other !== undefined) throw unfit(`has an entry of kind ${other.type}`);
  return members;
}

function setTime(header: Buffer, time: number): void {
  header.write(`${time.toString(8).padStart(MTIME.digits, '0')}\0`, MTIME.at, 'latin1');
  const sum = headerChecksum(header).toString(8);
  header.write(`${sum.padStart(CHECKSUM.digits, '0')}\0 `, CHECKSUM.at, 'latin1');
}

const unfit = (what: string, cause?: unknown) =>
  new BootSeedError('grub-unfit-image', `the file system in the EFI loader ${what}`, { cause });
