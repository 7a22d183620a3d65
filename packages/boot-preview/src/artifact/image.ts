// SPDX-License-Identifier: Apache-2.0
import { GRUB_CONFIG_PATH, GRUB_PLATFORM, IMAGE_PATH } from '@latticra/boot-seed';
import { type ByteSource, ImageError, readBytes } from '@latticra/disk-image';
import { openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, type Gpt, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { openIso } from '@latticra/disk-image/iso9660';
import type { BootPreviewProfile } from '../profile.js';
import { findLinux } from './linux.js';

/** What a boot image was found to hold. */
export interface BootImageContents {
  readonly kernel: Uint8Array;
  readonly grubConfig: Uint8Array;
  /** The initramfs that GRUB gives to a Linux; undefined where there is none. */
  readonly initramfs: Uint8Array | undefined;
  /** The build id on the command line of a Linux; undefined for the boot seed. */
  readonly linuxBuildId: string | undefined;
}

/** A kernel of the seed has some KiB, one of Linux some MiB, a configuration some lines; none is read without a bound. */
const MAX_BYTES = 64 << 20;
/** An initramfs has to fit into the memory of a profile's machine. */
const MAX_INITRAMFS_BYTES = 384 << 20;

/** A look-up of files in a file system, by path. */
type FindFile = (path: string) => ByteSource;

/**
 * Reads the kernel and GRUB's configuration out of the image of a profile, and refuses one that is not of its format, has
 * other partitions, or lacks what the firmware starts.
 * @throws ImageError `not-found`, or as the readers of the formats
 */
export function readBootImage(source: ByteSource, profile: BootPreviewProfile): BootImageContents {
  const gpt = readGpt(source);
  assertPartition(gpt, 'a BIOS boot partition', GPT_TYPE.biosBoot, profile.biosBootPartition);
  assertPartition(gpt, 'an EFI system partition', GPT_TYPE.efiSystem, profile.efiSystemPartition);
  const find = profile.artifactFormat === 'iso' ? openDisc(source) : openDisk(source, gpt, profile);
  const platform = GRUB_PLATFORM[profile.targetFirmware === 'uefi' ? 'uefi' : 'bios'];
  // GRUB's own note of what it was built for, which lies beside its configuration.
  find(`boot/grub/${platform}/modinfo.sh`);
  const grubConfig = readWhole(find, GRUB_CONFIG_PATH);
  const linux = findLinux(grubConfig);
  return {
    kernel: readWhole(find, linux?.kernel ?? IMAGE_PATH.kernel),
    grubConfig,
    initramfs:
      linux?.initramfs === undefined ? undefined : readWhole(find, linux.initramfs, MAX_INITRAMFS_BYTES),
    linuxBuildId: linux?.buildId,
  };
}

function readWhole(find: FindFile, path: string, maxBytes = MAX_BYTES): Uint8Array {
  const file = find(path);
  if (file.size > maxBytes) throw new ImageError('too-large', `${path} has ${file.size} bytes`);
  return readBytes(file, 0, file.size);
}

function openDisc(source: ByteSource): FindFile {
  const iso = openIso(source);
  if (!iso.boot.some(({ platform }) => platform === 'bios')) {
    throw new ImageError('not-found', 'the ISO has no El Torito entry that a BIOS starts');
  }
  return (path) => iso.open(iso.find(path));
}

function openDisk(source: ByteSource, gpt: Gpt, profile: BootPreviewProfile): FindFile {
  const root = gpt.partitions.find(({ typeGuid }) => typeGuid !== GPT_TYPE.biosBoot);
  if (root === undefined) throw new ImageError('not-found', 'the disk has no partition for files');
  const volume = openFat(partitionSource(source, root));
  if (profile.efiSystemPartition) volume.open(IMAGE_PATH.uefiLoader);
  return (path) => volume.open(path);
}

function assertPartition({ partitions }: Gpt, what: string, type: string, expected: boolean): void {
  if (partitions.some(({ typeGuid }) => typeGuid === type) === expected) return;
  throw new ImageError('not-found', `the disk ${expected ? 'lacks' : 'has'} ${what}`);
}
