// SPDX-License-Identifier: Apache-2.0

/** The paths in the images, from the root of an ISO or an EFI system partition. */
export const IMAGE_PATH = {
  /** The kernel: on the EFI system partition, where both loaders of a disk take it from, and in an ISO. */
  kernel: 'boot/kernel.elf',
  /** What UEFI starts from a removable medium (UEFI 2.10, 3.5.1.1). */
  uefiLoader: 'EFI/BOOT/BOOTX64.EFI',
  /** In an ISO: what a BIOS starts, from CD by El Torito and from USB by the master boot code. */
  biosLoader: 'boot/latticra-bios.bin',
  /** In an ISO: the EFI system partition as a FAT image, which is a partition of its GPT too. */
  esp: 'boot/esp.img',
} as const;

/** GRUB's configuration, in an image that GRUB starts. */
export const GRUB_CONFIG_PATH = 'boot/grub/grub.cfg';

/** Label of an ISO and of an EFI system partition. */
export const VOLUME_LABEL = 'LATTICRA';
