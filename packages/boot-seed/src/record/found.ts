// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type ByteSource, ImageError, readBytes, sliceSource } from '@latticra/disk-image';
import { type FatReader, openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { type IsoImage, openIso } from '@latticra/disk-image/iso9660';
import { openQcow2 } from '@latticra/disk-image/qcow2';
import { GRUB_CONFIG_PATH, IMAGE_PATH } from '../image/names.js';
import { PREBUILT_PARTS } from '../seed/parts.js';

/** A file of ours in an image: none is longer. */
const MAX_FILE = 32 << 20;

/** What was found in an image, by following it as firmware and loaders do. */
export interface FoundImage {
  readonly kernel: Uint8Array;
  /** SHA-256 of what a firmware starts, as it lies in the image; lower-case hexadecimal. */
  readonly parts: { readonly masterBoot: string; readonly biosLoader: string; readonly uefiLoader: string };
  /** The text that configures GRUB; undefined where there is none. */
  readonly grubConfig: Uint8Array | undefined;
}

/**
 * Takes an ISO or a disk in a qcow2 file apart: master boot code, what a BIOS loads, what UEFI starts, kernel, configuration.
 * @throws ImageError for an image that does not start both ways, or has two kernels that differ
 */
export function findInImage(source: ByteSource, format: 'iso' | 'qcow2'): FoundImage {
  return format === 'iso' ? findInIso(source) : findInDisk(openQcow2(source));
}

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Reads a file whole; one that is longer than any of ours is refused. @throws ImageError `too-large` */
function whole(source: ByteSource, what: string): Uint8Array {
  if (source.size > MAX_FILE) throw new ImageError('too-large', `${what} has ${source.size} bytes`);
  return readBytes(source, 0, source.size);
}

const masterBootOf = (image: ByteSource) => sum(readBytes(image, 0, PREBUILT_PARTS.masterBoot.length));

/** Reads a file that may be missing. */
function fileOr<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof ImageError && error.code === 'not-found') return undefined;
    throw error;
  }
}

function findInDisk(disk: ByteSource): FoundImage {
  const { partitions } = readGpt(disk);
  const only = (typeGuid: string, what: string) => {
    const [first, ...more] = partitions.filter((each) => each.typeGuid === typeGuid);
    if (first !== undefined && more.length === 0) return partitionSource(disk, first);
    throw new ImageError('not-found', `the disk has ${more.length + (first ? 1 : 0)} ${what}, expected one`);
  };
  const files = openFat(only(GPT_TYPE.efiSystem, 'EFI system partitions'));
  const config = fileOr(() => files.open(GRUB_CONFIG_PATH));
  return {
    kernel: whole(files.open(IMAGE_PATH.kernel), 'the kernel'),
    parts: {
      masterBoot: masterBootOf(disk),
      biosLoader: sum(whole(only(GPT_TYPE.biosBoot, 'BIOS boot partitions'), 'the BIOS boot partition')),
      uefiLoader: uefiLoaderOf(files),
    },
    grubConfig: config && whole(config, 'grub.cfg'),
  };
}

function findInIso(image: ByteSource): FoundImage {
  const iso = openIso(image);
  const [bios, uefi, ...more] = iso.boot;
  if (bios?.platform !== 'bios' || uefi?.platform !== 'uefi' || more.length > 0) {
    throw new ImageError(
      'not-found',
      'its boot catalog has other entries than one for BIOS and one for UEFI',
    );
  }
  const esp = openFat(sliceSource(image, uefi.offset, image.size - uefi.offset));
  const kernel = whole(iso.open(iso.find(IMAGE_PATH.kernel)), 'the kernel');
  // Our UEFI loader takes the kernel from the EFI system partition, GRUB from the ISO.
  const other = fileOr(() => esp.open(IMAGE_PATH.kernel));
  if (other !== undefined && Buffer.compare(whole(other, 'the kernel'), kernel) !== 0) {
    throw new ImageError('corrupt', 'UEFI starts another kernel than a BIOS');
  }
  const config = fileOr(() => iso.find(GRUB_CONFIG_PATH));
  return {
    kernel,
    parts: {
      masterBoot: masterBootOf(image),
      biosLoader: sum(biosImageOf(iso, bios.offset)),
      uefiLoader: uefiLoaderOf(esp),
    },
    grubConfig: config && whole(iso.open(config), 'grub.cfg'),
  };
}

const uefiLoaderOf = (esp: FatReader) => sum(whole(esp.open(IMAGE_PATH.uefiLoader), 'the UEFI loader'));

/** Reads the file that the catalog lets a BIOS load the beginning of. */
function biosImageOf(iso: IsoImage, offset: number): Uint8Array {
  for (const { entry } of iso.walk()) {
    if (entry.kind === 'file' && entry.extents[0]?.offset === offset) {
      return whole(iso.open(entry), 'the BIOS loader');
    }
  }
  throw new ImageError('not-found', `a BIOS is told to load byte ${offset}, where no file begins`);
}
