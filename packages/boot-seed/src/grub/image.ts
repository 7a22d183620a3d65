// SPDX-License-Identifier: Apache-2.0
import type { Layout } from '@latticra/disk-image';
import type { BuildHost } from '../host.js';
import type { GrubToolchain } from './tools.js';

/** The inputs that decide every byte of an image that GRUB starts. */
export interface GrubImageOptions {
  /** Any kernel that `assertBootable` accepts, with its ELF entry in a segment; it becomes `boot/kernel.elf`. */
  readonly kernel: Uint8Array;
  /** Text of `boot/grub/grub.cfg`; by default one that starts the kernel at once, see `grubConfig`. */
  readonly config?: string;
  /** Every date in the image, in seconds since 1970 (SOURCE_DATE_EPOCH); 0 by default. None before 1980 is written. */
  readonly epoch?: number;
  readonly tools: GrubToolchain;
  readonly host?: BuildHost;
}

/** A piece of GRUB as it lies in an image. */
export interface GrubPart {
  readonly role: 'boot-image' | 'core-image' | 'efi-loader';
  /** GRUB's own name for it, or the one that the firmware knows it by. */
  readonly name: 'boot.img' | 'boot_hybrid.img' | 'core.img' | 'eltorito.img' | 'BOOTX64.EFI';
  readonly bytes: Uint8Array;
}

/** An image that GRUB starts, and what it was made of. */
export interface GrubImage {
  readonly image: Layout;
  /** The text of `boot/grub/grub.cfg`. */
  readonly config: string;
  readonly parts: readonly GrubPart[];
  readonly grubVersion: string;
}

/** A disk that GRUB starts. */
export interface GrubDisk extends GrubImage {
  /** The FAT partition with kernel and configuration, as it lies in the disk. */
  readonly volume: Layout;
}
