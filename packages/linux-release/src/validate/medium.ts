// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, readBytes, sliceSource } from '@latticra/disk-image';
import { openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, type GptPartition, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { openIso } from '@latticra/disk-image/iso9660';
import { openQcow2 } from '@latticra/disk-image/qcow2';
import { BIOS_PARTS, type BiosLoaderFacts, readBiosLoader, readMasterBoot } from '@latticra/linux-image';
import type { ImageFormat } from '../record/formats.js';
import { refused } from './refuse.js';

const SECTOR = 512;
/** What UEFI starts from a medium that nobody installed. */
const UKI_PATH = 'EFI/BOOT/BOOTX64.EFI';

/** What was found in an image, by reading it as a firmware and a kernel would. */
export interface FoundMedium {
  /** The disk that a machine sees: the file itself, or what a qcow2 file holds. */
  readonly disk: ByteSource;
  /** What UEFI starts. */
  readonly uki: ByteSource;
  /** What the loader that a BIOS starts was told. */
  readonly loader: BiosLoaderFacts;
  /** The partition of the root; undefined where there is none. */
  readonly root: ByteSource | undefined;
}

/**
 * Takes an image apart: partition table, EFI system partition, loaders, root.
 * @param name of its file, for messages
 * @throws LinuxReleaseError `record-differs` for parts that no release has, or loaders that are not this version's; ImageError
 */
export function readMedium(name: string, format: ImageFormat, source: ByteSource): FoundMedium {
  const disk = format === 'qcow2' ? openQcow2(source) : source;
  const { partitions } = readGpt(disk);
  const find = (typeGuid: string) => {
    const [first, second] = partitions.filter((partition) => partition.typeGuid === typeGuid);
    if (second !== undefined) throw refused(name, `has two partitions of the type ${typeGuid}`);
    return first;
  };
  const esp = find(GPT_TYPE.efiSystem);
  if (esp === undefined) throw refused(name, 'has no EFI system partition');
  const rootPartition = find(GPT_TYPE.linuxFilesystem);
  const place = format === 'iso' ? isoLoader(name, disk, esp) : diskLoader(name, find(GPT_TYPE.biosBoot));
  const code = readBytes(disk, place, BIOS_PARTS.biosLoader.length);
  return {
    disk,
    uki: openFat(partitionSource(disk, esp)).open(UKI_PATH),
    loader: ownLoader(name, place, readBytes(disk, 0, BIOS_PARTS.masterBoot.length), code),
    root: rootPartition && partitionSource(disk, rootPartition),
  };
}

/** Finds where the loader of an ISO lies: both entries of its catalog are known. */
function isoLoader(name: string, disk: ByteSource, esp: GptPartition): number {
  const [bios, uefi, ...more] = openIso(disk).boot;
  if (bios?.platform !== 'bios' || uefi?.platform !== 'uefi' || more.length > 0) {
    throw refused(name, 'its boot catalog has other entries than one for BIOS and one for UEFI');
  }
  if (uefi.offset !== esp.firstLba * SECTOR) {
    throw refused(
      name,
      `UEFI starts byte ${uefi.offset} of a CD, and byte ${esp.firstLba * SECTOR} of a disk`,
    );
  }
  return bios.offset;
}

function diskLoader(name: string, partition: GptPartition | undefined): number {
  if (partition === undefined) throw refused(name, 'has no partition with a BIOS loader');
  return partition.firstLba * SECTOR;
}

/** Reads what master boot code and loader were told: both have to be this version's. */
function ownLoader(name: string, place: number, masterBoot: Uint8Array, code: Uint8Array): BiosLoaderFacts {
  const other = { fix: 'validate it with the version that built it, which the record names' };
  const start = readMasterBoot(masterBoot);
  if (start === undefined) throw refused(name, 'its master boot code is not the one of this version', other);
  const facts = readBiosLoader(code);
  if (facts === undefined) throw refused(name, 'its BIOS loader is not the one of this version', other);
  if (start !== place || facts.loader !== place) {
    throw refused(
      name,
      `its BIOS loader lies at byte ${place}, but is sought at ${start} and ${facts.loader}`,
    );
  }
  return facts;
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
