// SPDX-License-Identifier: Apache-2.0
import { bytesSource, type Layout } from '@latticra/disk-image';
import { createGptDisk, GPT_TYPE } from '@latticra/disk-image/gpt';
import { BootSeedError } from '../error.js';
import { assertBootable } from '../multiboot/index.js';
import { patchBiosLoader, patchMasterBoot, setCommandLine } from '../patch/loader.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { createEsp, kernelOffset } from './esp.js';
import { createIdentity } from './identity.js';
import type { BootImageOptions } from './options.js';

const MIB = 1 << 20;
/** A partition of this size for the BIOS loader starts at the first MiB, the EFI system partition at the second. */
const LOADER_START = MIB;
const ESP_START = 2 * MIB;
/** The last MiB holds the backup GPT. */
const AFTER_ESP = MIB;
/** Beyond this an EFI system partition is only in the way; the rest of the disk stays free. */
const ESP_LIMIT = 512 * MIB;

/** The smallest disk that {@link buildBootDisk} plans, in bytes: for the seed, or any kernel up to about 4 MiB. */
export const MIN_DISK_SIZE = 8 * MIB;

/** What a disk image is planned from. */
export interface BootDiskOptions extends BootImageOptions {
  /** Length of the disk in bytes, a multiple of 1 MiB. */
  readonly size: number;
}

/** A disk, and the parts of it that are also of use alone. */
export interface BootDisk {
  readonly disk: Layout;
  /** The EFI system partition, as it lies in the disk. */
  readonly esp: Layout;
  /** `BOOTX64.EFI`, as it lies on the partition. */
  readonly uefiLoader: Uint8Array;
}

/**
 * Plans a GPT disk that starts by BIOS and by UEFI: master boot code, a BIOS boot partition that holds the
 * loader, and an EFI system partition of at most 512 MiB with the UEFI loader and the kernel, which is stored
 * this once. Takes as little memory for 64 GiB as for 64 MiB.
 * @throws BootSeedError as `buildBootIso`, `bad-place` for a size that is no disk of ours; ImageError
 *   `too-large` where the kernel does not fit
 */
export function buildBootDisk(options: BootDiskOptions): BootDisk {
  const { kernel, commandLine = '', epoch = 0, parts = PREBUILT_PARTS, size } = options;
  assertBootable(kernel);
  if (!Number.isSafeInteger(size) || size % MIB !== 0 || size < MIN_DISK_SIZE) {
    throw new BootSeedError(
      'bad-place',
      `a disk of ${size} bytes: expected whole MiB, at least ${MIN_DISK_SIZE / MIB}`,
    );
  }
  const identity = createIdentity(`disk of ${size}`, options);
  const uefiLoader = setCommandLine(parts.uefiLoader, commandLine);
  const esp = createEsp({
    size: Math.min(size - ESP_START - AFTER_ESP, ESP_LIMIT),
    kernel,
    uefiLoader,
    epoch,
    volumeId: identity.serial('esp'),
    start: ESP_START,
  });
  const biosLoader = patchBiosLoader(
    parts.biosLoader,
    {
      loader: LOADER_START,
      kernel: { offset: ESP_START + kernelOffset(esp), size: kernel.length },
      blockSize: 512,
    },
    commandLine,
  );
  const disk = createGptDisk({
    size,
    diskGuid: identity.uuid('disk'),
    bootCode: patchMasterBoot(parts.masterBoot, LOADER_START),
    partitions: [
      {
        typeGuid: GPT_TYPE.biosBoot,
        uniqueGuid: identity.uuid('loader'),
        name: 'Latticra BIOS loader',
        firstLba: LOADER_START / 512,
        size: ESP_START - LOADER_START,
        content: bytesSource(biosLoader),
      },
      {
        typeGuid: GPT_TYPE.efiSystem,
        uniqueGuid: identity.uuid('esp'),
        name: 'EFI system partition',
        firstLba: ESP_START / 512,
        content: esp.layout,
      },
    ],
  });
  return { disk, esp: esp.layout, uefiLoader };
}
