// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { chsBytes } from './chs.js';
import { BOOT_CODE_SIZE, type MbrPartition, type MbrPlan, SECTOR_SIZE } from './mbr.js';

const isUint32 = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff;

function checkPartition(partition: MbrPartition, number: number): void {
  const { type, firstLba, sectors } = partition;
  const fits = isUint32(firstLba) && isUint32(sectors) && firstLba + sectors <= 2 ** 32;
  if (!(Number.isInteger(type) && type >= 1 && type <= 0xff && fits && firstLba > 0 && sectors > 0)) {
    throw new ImageError(
      'out-of-range',
      `MBR partition ${number}: type ${type}, sector ${firstLba}, length ${sectors} cannot be written; ` +
        'expected a type of 1 to 255 and 32-bit sector numbers above 0',
    );
  }
}

/**
 * Makes the 512 bytes of a master boot record.
 * @throws ImageError `too-large` for too much boot code or too many partitions, `overlap` where two partitions share
 *   a sector, `out-of-range` for numbers that the table cannot hold
 */
export function formatMbr(plan: MbrPlan): Uint8Array {
  const { bootCode = new Uint8Array(), diskSignature = 0, partitions = [] } = plan;
  if (bootCode.length > BOOT_CODE_SIZE) {
    throw new ImageError(
      'too-large',
      `boot code is ${bootCode.length} bytes, an MBR holds ${BOOT_CODE_SIZE}`,
    );
  }
  if (partitions.length > 4) {
    throw new ImageError('too-large', `${partitions.length} partitions, an MBR holds 4`);
  }
  if (!isUint32(diskSignature)) {
    throw new ImageError('out-of-range', `disk signature ${diskSignature} is not a 32-bit number`);
  }
  const bytes = new Uint8Array(SECTOR_SIZE);
  const view = new DataView(bytes.buffer);
  bytes.set(bootCode);
  view.setUint32(BOOT_CODE_SIZE, diskSignature, true);
  partitions.forEach((partition, index) => {
    checkPartition(partition, index + 1);
    const { type, firstLba, sectors, active = false } = partition;
    const at = 446 + 16 * index;
    bytes[at] = active ? 0x80 : 0;
    bytes.set(chsBytes(firstLba), at + 1);
    bytes[at + 4] = type;
    bytes.set(chsBytes(firstLba + sectors - 1), at + 5);
    view.setUint32(at + 8, firstLba, true);
    view.setUint32(at + 12, sectors, true);
  });
  const sorted = [...partitions].sort((a, b) => a.firstLba - b.firstLba);
  sorted.forEach(({ firstLba }, index) => {
    const before = sorted[index - 1];
    if (before && before.firstLba + before.sectors > firstLba) {
      throw new ImageError('overlap', `two MBR partitions claim sector ${firstLba}`);
    }
  });
  view.setUint16(510, 0xaa55, true);
  return bytes;
}
