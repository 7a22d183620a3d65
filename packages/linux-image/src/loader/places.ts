// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';

/** A run of bytes of a disk or CD. */
export interface ByteRange {
  readonly offset: number;
  readonly size: number;
}

/** What the BIOS loader is told; places in bytes from the start of the disk or the CD. */
export interface BiosLoaderFacts {
  /** Where the loader itself lies. */
  readonly loader: number;
  readonly kernel: ByteRange;
  readonly initramfs: ByteRange;
  readonly commandLine: string;
}

/** Bytes in a block, of which places are numbers, whatever the medium's block size is. */
export const BLOCK = 512;
const LAST_BLOCK = 0xffffffff;

/** Returns the number of the block of 512 bytes. @throws LinuxImageError `bad-place` */
export function blockNumber(what: string, offset: number, blockSize: number): number {
  const block = offset / BLOCK;
  if (Number.isInteger(offset / blockSize) && block > 0 && block <= LAST_BLOCK) return block;
  throw new LinuxImageError(
    'bad-place',
    `the ${what} at byte ${offset}: expected a multiple of ${blockSize} within 2 TiB`,
  );
}

/** Refuses a size that the loader cannot read. @throws LinuxImageError `bad-place` */
export function assertSize(what: string, size: number): void {
  if (Number.isInteger(size) && size > 0 && size < 2 ** 31) return;
  throw new LinuxImageError('bad-place', `${what} of ${size} bytes: expected 1 byte to 2 GiB`, {
    fix: `make the ${what} smaller`,
  });
}
