// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSource } from '@latticra/disk-image';
import { createFat } from '@latticra/disk-image/fat';
import { createGptDisk, GPT_TYPE, type GptPartitionPlan } from '@latticra/disk-image/gpt';
import { createIdentity } from '../image/identity.js';
import { GRUB_CONFIG_PATH, IMAGE_PATH, VOLUME_LABEL } from '../image/names.js';
import { assertDiskSize, DISK_PLACE, volumeSize } from '../image/places.js';
import { bootCodeOf } from './boot-image.js';
import { checkGrubConfig, grubConfig } from './config.js';
import type { GrubDisk, GrubImageOptions, GrubPart } from './image.js';
import { assertStartable } from './kernel.js';
import { buildBiosLoader, buildEfiLoader } from './loaders.js';
import { GRUB_PLATFORM, type GrubFirmware } from './tools.js';

/** The inputs of a disk that GRUB starts. */
export interface GrubDiskOptions extends GrubImageOptions {
  /** Length of the disk in bytes, whole MiB, at least 8. */
  readonly size: number;
}

/**
 * Builds a GPT disk that a BIOS starts: boot.img in the first sector, core.img in a BIOS boot partition, and a FAT
 * partition with kernel and grub.cfg.
 * @throws as {@link buildGrubDisk}
 */
export const buildGrubBiosDisk = (options: GrubDiskOptions) => buildDisk(options, ['bios']);

/**
 * Builds a GPT disk that UEFI starts: an EFI system partition with BOOTX64.EFI, kernel and grub.cfg.
 * @throws as {@link buildGrubDisk}
 */
export const buildGrubUefiDisk = (options: GrubDiskOptions) => buildDisk(options, ['uefi']);

/**
 * Builds a GPT disk that both start; the FAT partition is the EFI system partition.
 * @throws BootSeedError for a kernel that cannot be started, a bad epoch, size or configuration, `grub-failed` for a
 *   tool that fails; ImageError `too-large` where the kernel does not fit
 */
export const buildGrubDisk = (options: GrubDiskOptions) => buildDisk(options, ['bios', 'uefi']);

async function buildDisk(options: GrubDiskOptions, firmwares: readonly GrubFirmware[]): Promise<GrubDisk> {
  const { kernel, config = grubConfig(), epoch = 0, size, tools, host = {} } = options;
  assertStartable(kernel);
  assertDiskSize(size);
  await checkGrubConfig(config, tools, host);
  const digest = createHash('sha256').update(config).digest('hex');
  const identity = createIdentity(`grub ${firmwares.join(' ')} disk of ${size}, ${digest}`, {
    kernel,
    epoch,
  });
  const making = { epoch, tools, host };
  const bios = firmwares.includes('bios') ? await buildBiosLoader(making, DISK_PLACE.loader) : undefined;
  const uefi = firmwares.includes('uefi') ? await buildEfiLoader(making) : undefined;
  const volume = createFat({
    size: volumeSize(size),
    label: VOLUME_LABEL,
    volumeId: identity.serial('volume'),
    timestamp: epoch,
    hiddenSectors: DISK_PLACE.volume / 512,
    files: [
      ...(uefi ? [{ path: IMAGE_PATH.uefiLoader, content: bytesSource(uefi.bytes) }] : []),
      { path: IMAGE_PATH.kernel, content: bytesSource(kernel) },
      { path: GRUB_CONFIG_PATH, content: bytesSource(Buffer.from(config)) },
      ...(await Promise.all(firmwares.map((firmware) => buildNote(firmware, tools.platforms[firmware])))),
    ],
  }).layout;
  const image = createGptDisk({
    size,
    diskGuid: identity.uuid('disk'),
    ...(bios && { bootCode: bootCodeOf(bios.bootImage.bytes) }),
    partitions: [
      ...(bios ? [biosBootPartition(bios.coreImage, identity.uuid('loader'))] : []),
      {
        typeGuid: uefi ? GPT_TYPE.efiSystem : GPT_TYPE.basicData,
        uniqueGuid: identity.uuid('volume'),
        name: uefi ? 'EFI system partition' : 'Latticra boot seed',
        firstLba: DISK_PLACE.volume / 512,
        content: volume,
      },
    ],
  });
  const parts = [...(bios ? [bios.bootImage, bios.coreImage] : []), ...(uefi ? [uefi] : [])];
  return { image, volume, config, parts, grubVersion: tools.version };
}

const biosBootPartition = (coreImage: GrubPart, uniqueGuid: string): GptPartitionPlan => ({
  typeGuid: GPT_TYPE.biosBoot,
  uniqueGuid,
  name: 'GRUB core image',
  firstLba: DISK_PLACE.loader / 512,
  size: DISK_PLACE.volume - DISK_PLACE.loader,
  content: bytesSource(coreImage.bytes),
});

/** Makes modinfo.sh, as grub-install leaves it beside the configuration: it says which GRUB the loader is of. */
async function buildNote(firmware: GrubFirmware, platform: string) {
  const bytes = await readFile(join(platform, 'modinfo.sh'));
  return { path: `boot/grub/${GRUB_PLATFORM[firmware]}/modinfo.sh`, content: bytesSource(bytes) };
}
