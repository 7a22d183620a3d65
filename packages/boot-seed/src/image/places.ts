// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';

const MIB = 1 << 20;

/** Where a disk's parts start, in bytes: a partition of one MiB for a BIOS loader, then the FAT volume. */
export const DISK_PLACE = { loader: MIB, volume: 2 * MIB } as const;
/** The last MiB holds the backup GPT. */
const AFTER_VOLUME = MIB;
/** The largest EFI system partition; the rest of a larger disk stays free. */
const VOLUME_LIMIT = 512 * MIB;

/** The smallest disk that is planned, in bytes: for the seed, or any kernel up to about 4 MiB. */
export const MIN_DISK_SIZE = 8 * MIB;

/** Refuses a length in bytes that is no disk of ours. @throws BootSeedError `bad-place` */
export function assertDiskSize(size: number): void {
  if (Number.isSafeInteger(size) && size % MIB === 0 && size >= MIN_DISK_SIZE) return;
  throw new BootSeedError(
    'bad-place',
    `a disk of ${size} bytes: expected whole MiB, at least ${MIN_DISK_SIZE / MIB}`,
  );
}

/** Returns the length of a disk's FAT volume, both in bytes. */
export const volumeSize = (diskSize: number) =>
  Math.min(diskSize - DISK_PLACE.volume - AFTER_VOLUME, VOLUME_LIMIT);
