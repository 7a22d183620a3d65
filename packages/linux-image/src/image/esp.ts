// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '@latticra/disk-image';
import { createFat, type FatVolume } from '@latticra/disk-image/fat';
import { LinuxImageError } from '../error.js';
import type { ByteRange } from '../loader/places.js';
import type { UkiPart } from '../uki/uki.js';

/** What UEFI starts from a removable medium (UEFI 2.10, 3.5.1.1). */
export const UKI_PATH = 'EFI/BOOT/BOOTX64.EFI';
export const VOLUME_LABEL = 'LATTICRA';
const KIB64 = 64 * 1024;
/** Up to here a volume would have clusters of a sector, and a CD can be read by 2048 bytes alone. */
const SMALL = 2 << 20;

/** A unified kernel image, and where kernel and initramfs lie in it. */
export interface BootUki {
  readonly source: ByteSource;
  readonly kernel: UkiPart;
  readonly initrd: UkiPart;
  readonly commandLine: string;
  /** The digest that a signature is over, in lower-case hexadecimal. */
  readonly authenticode: string;
}

/** An EFI system partition with a unified kernel image and nothing else. */
export interface EspOptions {
  readonly uki: BootUki;
  readonly epoch: number;
  readonly volumeId: number;
  /** Byte of the disk that the partition starts at. */
  readonly start: number;
}

/** Returns a size for a volume that holds the image and little more: room for tables, folders and cluster ends. */
export function espSize(ukiSize: number): number {
  return Math.ceil((ukiSize + ukiSize / 64 + 4 * KIB64) / KIB64) * KIB64;
}

/** Plans the volume; the image lies in one piece. */
export function createEsp({ uki, epoch, volumeId, start }: EspOptions): FatVolume {
  const size = espSize(uki.source.size);
  return createFat({
    size,
    ...(size <= SMALL && { sectorsPerCluster: 4 }),
    label: VOLUME_LABEL,
    volumeId,
    timestamp: epoch,
    hiddenSectors: start / 512,
    files: [{ path: UKI_PATH, content: uki.source }],
  });
}

/** Finds where kernel and initramfs lie on a medium: both loaders start the same bytes. */
export function bootRanges(
  esp: FatVolume,
  start: number,
  uki: BootUki,
): { kernel: ByteRange; initramfs: ByteRange } {
  const file = esp.files.find(({ path }) => path === UKI_PATH);
  if (file === undefined)
    throw new LinuxImageError('bad-place', 'the EFI system partition was planned without the image');
  const range = ({ offset, size }: UkiPart): ByteRange => ({ offset: start + file.offset + offset, size });
  return { kernel: range(uki.kernel), initramfs: range(uki.initrd) };
}
