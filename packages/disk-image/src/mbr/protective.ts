// SPDX-License-Identifier: Apache-2.0
import { assertAmount } from '../layout/amount.js';
import { formatMbr } from './format.js';

/** Partition type of the record that protects a GPT disk. */
export const PROTECTIVE_TYPE = 0xee;

/** What {@link formatProtectiveMbr} writes. */
export interface ProtectiveMbrPlan {
  /** Length of the disk in sectors, the MBR's own included. */
  readonly diskSectors: number;
  /** As for a plain MBR: at most 440 bytes. A BIOS runs it, UEFI does not. */
  readonly bootCode?: Uint8Array;
}

/**
 * Returns how many sectors the protective record covers: the disk without the MBR, or all ones where that needs more
 * than 32 bits.
 */
export function protectiveSectors(diskSectors: number): number {
  return Math.min(diskSectors - 1, 0xffffffff);
}

/**
 * Makes the protective MBR of a GPT disk (UEFI 2.10, 5.2.3): one inactive record of type EEh from sector 1 on.
 * @throws ImageError as {@link formatMbr}
 */
export function formatProtectiveMbr(plan: ProtectiveMbrPlan): Uint8Array {
  const { diskSectors, bootCode = new Uint8Array() } = plan;
  assertAmount('the sectors of a disk', diskSectors, 2);
  const sectors = protectiveSectors(diskSectors);
  return formatMbr({ bootCode, partitions: [{ type: PROTECTIVE_TYPE, firstLba: 1, sectors }] });
}
