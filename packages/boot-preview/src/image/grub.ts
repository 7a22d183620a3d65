// SPDX-License-Identifier: Apache-2.0
import {
  buildGrubBiosDisk,
  buildGrubIso,
  buildGrubUefiDisk,
  type GrubImage,
  type GrubImageOptions,
  grubConfig,
} from '@latticra/boot-seed';
import type { BootPreviewProfile, ProfileName } from '../profile.js';

/** The size of a disk, in bytes: room for GRUB's largest loader and a kernel, and little that is empty. */
const DISK_SIZE = 32 * 2 ** 20;

const BUILDERS: Record<ProfileName, (options: GrubImageOptions) => Promise<GrubImage>> = {
  'x86_64-seabios-grub-preview': buildGrubIso,
  'x86_64-grub2-bios-preview': (options) => buildGrubBiosDisk({ ...options, size: DISK_SIZE }),
  'x86_64-grub2-uefi-preview': (options) => buildGrubUefiDisk({ ...options, size: DISK_SIZE }),
};

/** GRUB also writes to the first serial port, so that the console shows what it could not do. */
const CONFIG = `serial --unit=0 --speed=115200
terminal_output console serial
${grubConfig()}`;

/** Builds the image in which the firmware of a profile starts GRUB. @throws BootSeedError, ImageError */
export function buildProfileGrub(
  profile: BootPreviewProfile,
  options: Omit<GrubImageOptions, 'config'>,
): Promise<GrubImage> {
  return BUILDERS[profile.name]({ ...options, config: CONFIG });
}
