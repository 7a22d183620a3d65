// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';

/** A folder, or a file with its content, in an archive of ours. */
export interface ArchiveEntry {
  /** Relative, without `.` or `..`: `latticra/init`. A folder comes in front of what lies in it. */
  readonly path: string;
  /** Permissions: twelve bits. */
  readonly mode: number;
  /** Undefined for a folder. */
  readonly content: Uint8Array | undefined;
}

/** The name of the entry that ends an archive. */
export const TRAILER = 'TRAILER!!!';
export const HEADER_SIZE = 110;
export const FILE_TYPE = { folder: 0o40000, file: 0o100000 } as const;
const MAX_PATH = 255;

/** Returns `size`, rounded up to where a header or a content may begin. */
export const aligned = (size: number): number => Math.ceil(size / 4) * 4;

/** Refuses entries that no archive of ours holds. @throws LinuxImageError `initramfs-bad-file` */
export function assertEntries(entries: readonly ArchiveEntry[]): void {
  const folders = new Set(['']);
  const seen = new Set<string>();
  for (const { path, mode, content } of entries) {
    const problem = !/^[A-Za-z0-9._+@-]+(\/[A-Za-z0-9._+@-]+)*$/.test(path)
      ? 'its path has other characters than letters, digits and . _ + @ -'
      : path.length > MAX_PATH || path === TRAILER || path.split('/').some((part) => /^\.\.?$/.test(part))
        ? 'no entry of an archive can have its path'
        : seen.has(path)
          ? 'it stands twice'
          : !folders.has(path.split('/').slice(0, -1).join('/'))
            ? 'its folder does not stand in front of it'
            : !Number.isInteger(mode) || mode < 0 || mode > 0o7777
              ? `its mode is ${mode}`
              : undefined;
    if (problem !== undefined) {
      throw new LinuxImageError('initramfs-bad-file', `${JSON.stringify(path)} in an initramfs: ${problem}`);
    }
    seen.add(path);
    if (content === undefined) folders.add(path);
  }
}
