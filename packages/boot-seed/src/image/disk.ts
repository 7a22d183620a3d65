// SPDX-License-Identifier: Apache-2.0
import { bytesSource, type Layout } from '@latticra/disk-image';
import { createGptDisk, GPT_TYPE } from '@latticra/disk-image/gpt';
import { assertBootable } from '../multiboot/index.js';
import { patchBiosLoader, patchMasterBoot, setCommandLine } from '../patch/loader.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { createEsp, kernelOffset } from './esp.js';
import { createIdentity } from './identity.js';
import type { BootImageOptions } from './options.js';
import { assertDiskSize, DISK_PLACE, volumeSize } from './places.js';

/** The inputs of a disk image. */
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
  assertDiskSize(size);
  const identity = createIdentity(`disk of ${size}`, options);
  const uefiLoader = setCommandLine(parts.uefiLoader, commandLine);
  const esp = createEsp({
    size: volumeSize(size),
    kernel,
    uefiLoader,
    epoch,
    volumeId: identity.serial('esp'),
    start: DISK_PLACE.volume,
  });
  const biosLoader = patchBiosLoader(
    parts.biosLoader,
    {
      loader: DISK_PLACE.loader,
      kernel: { offset: DISK_PLACE.volume + kernelOffset(esp), size: kernel.length },
      blockSize: 512,
    },
    commandLine,
  );
  const disk = createGptDisk({
    size,
    diskGuid: identity.uuid('disk'),
    bootCode: patchMasterBoot(parts.masterBoot, DISK_PLACE.loader),
    partitions: [
      {
        typeGuid: GPT_TYPE.biosBoot,
        uniqueGuid: identity.uuid('loader'),
        name: 'Latticra BIOS loader',
        firstLba: DISK_PLACE.loader / 512,
        size: DISK_PLACE.volume - DISK_PLACE.loader,
        content: bytesSource(biosLoader),
      },
      {
        typeGuid: GPT_TYPE.efiSystem,
        uniqueGuid: identity.uuid('esp'),
        name: 'EFI system partition',
        firstLba: DISK_PLACE.volume / 512,
        content: esp.layout,
      },
    ],
  });
  return { disk, esp: esp.layout, uefiLoader };
}
