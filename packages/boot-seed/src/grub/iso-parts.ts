// SPDX-License-Identifier: Apache-2.0
import { bytesSource, ImageError, readBytes, sliceSource } from '@latticra/disk-image';
import { openFat } from '@latticra/disk-image/fat';
import { openIso } from '@latticra/disk-image/iso9660';
import { BootSeedError } from '../error.js';
import { IMAGE_PATH } from '../image/names.js';
import { bootCodeOf } from './boot-image.js';
import type { GrubPart } from './image.js';
import { GRUB_PLATFORM } from './tools.js';

const SECTOR = 512;
/** In the boot sector of a FAT12 or FAT16 volume: the mark of an extended boot record, and the serial number after it. */
const EXTENDED = { at: 0x26, mark: 0x29, serial: 0x27 } as const;

/**
 * Sets the serial number of the EFI system partition in an ISO of grub-mkrescue's, which mformat drew at random, and
 * reads the pieces of GRUB in it.
 * @param iso changed in place
 * @throws BootSeedError `grub-unfit-image` where it does not start both ways
 */
export function normalizeIso(iso: Buffer, serial: number): GrubPart[] {
  try {
    const source = bytesSource(iso);
    const volume = openIso(source);
    const esp = volume.boot.find(({ platform }) => platform === 'uefi');
    if (!esp || iso.length < esp.offset + SECTOR || iso[esp.offset + EXTENDED.at] !== EXTENDED.mark) {
      throw unfit('there is no EFI system partition in it');
    }
    iso.writeUInt32LE(serial, esp.offset + EXTENDED.serial);
    const core = volume.open(volume.find(`boot/grub/${GRUB_PLATFORM.bios}/eltorito.img`));
    const loader = openFat(sliceSource(source, esp.offset, iso.length - esp.offset)).open(
      IMAGE_PATH.uefiLoader,
    );
    return [
      { role: 'boot-image', name: 'boot_hybrid.img', bytes: bootCodeOf(iso) },
      { role: 'core-image', name: 'eltorito.img', bytes: readBytes(core, 0, core.size) },
      { role: 'efi-loader', name: 'BOOTX64.EFI', bytes: readBytes(loader, 0, loader.size) },
    ];
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw unfit(cause.message, cause);
  }
}

const unfit = (reason: string, cause?: unknown) =>
  new BootSeedError(
    'grub-unfit-image',
    `grub-mkrescue made an ISO that does not start both ways: ${reason}`,
    {
      fix: 'install grub-pc-bin and grub-efi-amd64-bin of one version',
      cause,
    },
  );
