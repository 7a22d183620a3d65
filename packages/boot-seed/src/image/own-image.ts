// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, ImageError, readBytes } from '@latticra/disk-image';
import { openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { type IsoImage, openIso } from '@latticra/disk-image/iso9660';
import { placesOfBiosLoader, placesOfMasterBoot } from '../patch/own-loader.js';
import { isOwnPart } from '../patch/own-part.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { IMAGE_PATH } from './names.js';

/** What of an image is, apart from what a builder fills in, what the seed's sources assemble to. */
export interface OwnParts {
  /** Everything that a firmware starts, BIOS or UEFI, from CD or disk, up to the kernel that it hands over to. */
  readonly loader: boolean;
  /** The kernel, in every place where a loader takes it from. */
  readonly kernel: boolean;
}

const MASTER_BOOT_BYTES = PREBUILT_PARTS.masterBoot.length;
const MAX_FILE = 16 << 20;

const bytesOf = (source: ByteSource) => readBytes(source, 0, Math.min(source.size, MAX_FILE));

/**
 * Says whether loader and kernel of an ISO, or of a raw disk, are the seed's own. Follows the image as firmware and loaders
 * do: code that only lies in the image and is never started does not count. What cannot be read is not ours.
 */
export function findSeedParts(image: ByteSource, format: 'iso' | 'disk'): OwnParts {
  return {
    loader: attempt(() => isOwnLoader(image, format)),
    kernel: attempt(() => kernelsOf(image, format).every((kernel) => isOwnPart('kernel', kernel))),
  };
}

function attempt(look: () => boolean): boolean {
  try {
    return look();
  } catch (error) {
    if (error instanceof ImageError) return false;
    throw error;
  }
}

function openEsp(image: ByteSource) {
  const systems = readGpt(image).partitions.filter(({ typeGuid }) => typeGuid === GPT_TYPE.efiSystem);
  const [system] = systems;
  // Of two it would be the firmware's choice.
  if (system === undefined || systems.length > 1) {
    throw new ImageError('not-found', `the image has ${systems.length} EFI system partitions, expected one`);
  }
  return { offset: system.firstLba * 512, files: openFat(partitionSource(image, system)) };
}

function kernelsOf(image: ByteSource, format: 'iso' | 'disk'): Uint8Array[] {
  const kernels = [bytesOf(openEsp(image).files.open(IMAGE_PATH.kernel))];
  if (format === 'disk') return kernels;
  const iso = openIso(image);
  return [...kernels, bytesOf(iso.open(iso.find(IMAGE_PATH.kernel)))];
}

function isOwnLoader(image: ByteSource, format: 'iso' | 'disk'): boolean {
  const esp = openEsp(image);
  if (!isOwnPart('efiBootloader', bytesOf(esp.files.open(IMAGE_PATH.uefiLoader)))) return false;
  const loader = placesOfMasterBoot(readBytes(image, 0, MASTER_BOOT_BYTES));
  if (loader === undefined) return false;
  const places = placesOfBiosLoader(readBytes(image, loader, PREBUILT_PARTS.biosLoader.length));
  if (places?.loader !== loader) return false;
  // What the BIOS loader starts has to be one of the kernels that are looked at.
  const started = readBytes(image, places.kernel.offset, places.kernel.size);
  if (!kernelsOf(image, format).every((kernel) => Buffer.compare(kernel, started) === 0)) return false;
  return format === 'disk' || isOwnCatalog(openIso(image), loader, esp.offset);
}

/** Returns whether El Torito starts these two and nothing else. */
function isOwnCatalog({ boot }: IsoImage, loader: number, esp: number): boolean {
  const entries = boot.map(({ platform, emulation, offset }) => `${platform} ${emulation} ${offset}`);
  return entries.join() === [`bios none ${loader}`, `uefi none ${esp}`].join();
}
