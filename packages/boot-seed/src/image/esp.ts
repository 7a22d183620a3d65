// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import { createFat, type FatVolume } from '@latticra/disk-image/fat';
import { BootSeedError } from '../error.js';
import { IMAGE_PATH, VOLUME_LABEL } from './names.js';

/** An EFI system partition with the UEFI loader and the kernel on it. */
export interface EspOptions {
  /** Length in bytes, a multiple of 512. */
  readonly size: number;
  readonly kernel: Uint8Array;
  readonly uefiLoader: Uint8Array;
  readonly epoch: number;
  readonly volumeId: number;
  /** Byte of the disk that the partition starts at. */
  readonly start: number;
}

/**
 * Plans the volume; each file lies in one piece.
 * @throws ImageError `too-large` where the kernel does not fit
 */
export function createEsp({ size, kernel, uefiLoader, epoch, volumeId, start }: EspOptions): FatVolume {
  return createFat({
    size,
    label: VOLUME_LABEL,
    volumeId,
    timestamp: epoch,
    hiddenSectors: start / 512,
    files: [
      { path: IMAGE_PATH.uefiLoader, content: bytesSource(uefiLoader) },
      { path: IMAGE_PATH.kernel, content: bytesSource(kernel) },
    ],
  });
}

/** Returns a size for a volume that holds the files and little more: room for tables, folders and cluster ends. */
export function compactEspSize(kernel: Uint8Array, uefiLoader: Uint8Array): number {
  const unit = 64 * 1024;
  const files = kernel.length + uefiLoader.length;
  return Math.ceil((files + files / 32 + 2 * unit) / unit) * unit;
}

/** Returns where the kernel lies on the volume, in bytes. */
export function kernelOffset(esp: FatVolume): number {
  const file = esp.files.find(({ path }) => path === IMAGE_PATH.kernel);
  if (file) return file.offset;
  throw new BootSeedError('bad-place', 'the EFI system partition was planned without the kernel');
}
