// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, readBytes } from '@latticra/disk-image';
import { openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, type GptPartition, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { openIso } from '@latticra/disk-image/iso9660';
import { LinuxImageError } from '../error.js';
import { UKI_PATH } from '../image/esp.js';
import { BIOS_PARTS } from '../loader/parts.js';
import { type BiosLoaderFacts, BLOCK } from '../loader/places.js';
import { readBiosLoader, readMasterBoot } from '../loader/read.js';

/** What was found in an image, by reading it as a firmware and a kernel would. */
export interface LinuxMedium {
  /** What UEFI starts. */
  readonly uki: ByteSource;
  /** What the loader that a BIOS starts was told. */
  readonly loader: BiosLoaderFacts;
  /** The partition of the root; undefined where there is none. */
  readonly root: ByteSource | undefined;
}

const OTHER_VERSION = { fix: 'validate it with the version that built it, which the record names' };

/** Refuses an image. @throws LinuxImageError `bad-medium` */
function refuse(reason: string, details?: { readonly fix: string }): never {
  throw new LinuxImageError('bad-medium', reason, details);
}

/**
 * Takes an ISO, or a disk as a machine sees it, apart: partition table, EFI system partition, loaders, root.
 * @throws LinuxImageError `bad-medium` for parts that no image of ours has, or loaders that are not this version's; ImageError
 */
export function readLinuxMedium(disk: ByteSource, format: 'iso' | 'disk'): LinuxMedium {
  const { partitions } = readGpt(disk);
  const find = (typeGuid: string) => {
    const [first, second] = partitions.filter((partition) => partition.typeGuid === typeGuid);
    if (second !== undefined) refuse(`has two partitions of the type ${typeGuid}`);
    return first;
  };
  const esp = find(GPT_TYPE.efiSystem);
  if (esp === undefined) refuse('has no EFI system partition');
  const root = find(GPT_TYPE.linuxFilesystem);
  const place = format === 'iso' ? isoLoader(disk, esp) : diskLoader(find(GPT_TYPE.biosBoot));
  const code = readBytes(disk, place, BIOS_PARTS.biosLoader.length);
  return {
    uki: openFat(partitionSource(disk, esp)).open(UKI_PATH),
    loader: ownLoader(place, readBytes(disk, 0, BIOS_PARTS.masterBoot.length), code),
    root: root && partitionSource(disk, root),
  };
}

/** Finds where the loader of an ISO lies: both entries of its catalog are known. */
function isoLoader(disk: ByteSource, esp: GptPartition): number {
  const [bios, uefi, ...more] = openIso(disk).boot;
  if (bios?.platform !== 'bios' || uefi?.platform !== 'uefi' || more.length > 0) {
    refuse('its boot catalog has other entries than one for BIOS and one for UEFI');
  }
  // A disk or a diskette that a BIOS is to play would not be our loader any more.
  if (bios.emulation !== 'none' || uefi.emulation !== 'none') refuse('its boot catalog asks for emulation');
  if (uefi.offset !== esp.firstLba * BLOCK) {
    refuse(`UEFI starts byte ${uefi.offset} of a CD, and byte ${esp.firstLba * BLOCK} of a disk`);
  }
  return bios.offset;
}

function diskLoader(partition: GptPartition | undefined): number {
  if (partition === undefined) refuse('has no partition with a BIOS loader');
  return partition.firstLba * BLOCK;
}

/** Reads what master boot code and loader were told: both have to be this version's. */
function ownLoader(place: number, masterBoot: Uint8Array, code: Uint8Array): BiosLoaderFacts {
  const start = readMasterBoot(masterBoot);
  if (start === undefined) refuse('its master boot code is not the one of this version', OTHER_VERSION);
  const facts = readBiosLoader(code);
  if (facts === undefined) refuse('its BIOS loader is not the one of this version', OTHER_VERSION);
  if (start !== place || facts.loader !== place) {
    refuse(`its BIOS loader lies at byte ${place}, but is sought at ${start} and ${facts.loader}`);
  }
  return facts;
}
