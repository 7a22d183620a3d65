// SPDX-License-Identifier: Apache-2.0

/** Bytes in a logical block. Everything this package writes counts in these; 4Kn disks are left out. */
export const SECTOR_SIZE = 512;

/** Bytes of boot code an MBR has room for before the disk signature. */
export const BOOT_CODE_SIZE = 440;

/** A record of the partition table. */
export interface MbrPartition {
  /** Partition type, 1 to 255; 0 marks an unused record, or the one with which isohybrid covers the disk. */
  readonly type: number;
  /** First sector, counted from the start of the disk. */
  readonly firstLba: number;
  /** Length in sectors. */
  readonly sectors: number;
  /** The active flag, which some BIOSes want to see before they run the boot code. */
  readonly active?: boolean;
}

/** What {@link formatMbr} writes. */
export interface MbrPlan {
  /** At most {@link BOOT_CODE_SIZE} bytes of 16-bit code, entered at 0000:7C00. */
  readonly bootCode?: Uint8Array;
  /** 32-bit disk signature; 0 by default. */
  readonly diskSignature?: number;
  /** At most four, in the order of their slots. */
  readonly partitions?: readonly MbrPartition[];
}

/** A master boot record as {@link readMbr} found it. */
export interface Mbr {
  /** All {@link BOOT_CODE_SIZE} bytes, zeros included. */
  readonly bootCode: Uint8Array;
  readonly diskSignature: number;
  /** The used records with their slot, 1 to 4. */
  readonly partitions: readonly (Required<MbrPartition> & { readonly number: number })[];
}
