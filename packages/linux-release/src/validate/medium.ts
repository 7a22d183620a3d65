// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, sliceSource } from '@latticra/disk-image';
import { openQcow2 } from '@latticra/disk-image/qcow2';
import {
  type BiosLoaderFacts,
  LinuxImageError,
  type LinuxMedium,
  readLinuxMedium,
} from '@latticra/linux-image';
import type { ImageFormat } from '../record/formats.js';
import { refused } from './refuse.js';

/** What was found in an image, by reading it as a firmware and a kernel would. */
export interface FoundMedium extends LinuxMedium {
  /** The disk that a machine sees: the file itself, or what a qcow2 file holds. */
  readonly disk: ByteSource;
}

/**
 * Takes an image apart: partition table, EFI system partition, loaders, root.
 * @param name of its file, for messages
 * @throws LinuxReleaseError `record-differs` for parts that no release has, or loaders that are not this version's; ImageError
 */
export function readMedium(name: string, format: ImageFormat, source: ByteSource): FoundMedium {
  const disk = format === 'qcow2' ? openQcow2(source) : source;
  try {
    return { disk, ...readLinuxMedium(disk, format === 'iso' ? 'iso' : 'disk') };
  } catch (cause) {
    if (!(cause instanceof LinuxImageError)) throw cause;
    const { message, fix } = cause;
    throw refused(name, message, { cause, ...(fix !== undefined && { fix }) });
  }
}

/** Returns the bytes that a loader takes for a file. @throws LinuxReleaseError `record-differs` for a place outside */
export function rangeOf(
  name: string,
  what: string,
  disk: ByteSource,
  { offset, size }: BiosLoaderFacts['kernel'],
): ByteSource {
  if (offset + size <= disk.size) return sliceSource(disk, offset, size);
  throw refused(name, `its BIOS loader seeks the ${what} at byte ${offset}, behind the end`);
}
