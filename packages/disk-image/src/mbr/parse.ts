// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { BOOT_CODE_SIZE, type Mbr, SECTOR_SIZE } from './mbr.js';
import { PROTECTIVE_TYPE } from './protective.js';

type Partition = Mbr['partitions'][number];

/**
 * Returns whether a record starts at sector 0 and so covers the MBR itself: isohybrid describes the whole ISO by one.
 */
const coversDisk = ({ firstLba }: Partition) => firstLba === 0;

function checkPlaces(partitions: readonly Partition[], diskSectors: number): void {
  let end = 1;
  for (const partition of [...partitions].sort((a, b) => a.firstLba - b.firstLba)) {
    const { number, type, firstLba, sectors } = partition;
    const where = `MBR partition ${number} (sectors ${firstLba} to ${firstLba + sectors - 1})`;
    if (sectors === 0) throw new ImageError('corrupt', `${where} is empty`);
    // Protective and whole-disk records stand for what others describe in detail; the rest lie apart. A capped
    // protective record may even pass the end; readGpt holds its length against the disk.
    const apart = type !== PROTECTIVE_TYPE && !coversDisk(partition);
    if (apart && firstLba < end) throw new ImageError('corrupt', `${where} overlaps another one`);
    if (apart) end = firstLba + sectors;
    if (firstLba + sectors > diskSectors && type !== PROTECTIVE_TYPE) {
      throw new ImageError(
        'truncated',
        `${where} passes the end of the disk, which has ${diskSectors} sectors`,
      );
    }
  }
}

/**
 * Reads the master boot record of a disk. Extended partitions are reported as the one record they are; so is the
 * record of isohybrid images that covers all of them from sector 0 on, whose type may be 0.
 * @throws ImageError `truncated` when the disk or a partition ends early, `bad-magic` without the 55 AA mark,
 * `corrupt` for records that contradict each other or the format.
 */
export function readMbr(source: ByteSource): Mbr {
  if (source.size < SECTOR_SIZE) {
    throw new ImageError(
      'truncated',
      `a disk of ${source.size} bytes has no room for an MBR of ${SECTOR_SIZE}`,
    );
  }
  const bytes = readBytes(source, 0, SECTOR_SIZE);
  const view = new DataView(bytes.buffer);
  if (view.getUint16(510, true) !== 0xaa55) {
    throw new ImageError('bad-magic', 'sector 0 does not end in 55 AA, so it is no MBR');
  }
  const partitions: Partition[] = [];
  for (let number = 1; number <= 4; number++) {
    const at = 430 + 16 * number;
    const status = view.getUint8(at);
    const type = view.getUint8(at + 4);
    const firstLba = view.getUint32(at + 8, true);
    const sectors = view.getUint32(at + 12, true);
    if (status !== 0 && status !== 0x80) {
      throw new ImageError('corrupt', `MBR partition ${number} has status ${status}, expected 0 or 128`);
    }
    if (type !== 0 || (firstLba === 0 && sectors !== 0)) {
      partitions.push({ number, type, firstLba, sectors, active: status === 0x80 });
    } else if (sectors !== 0) {
      throw new ImageError('corrupt', `MBR partition ${number} has ${sectors} sectors but no type`);
    }
  }
  if (partitions.filter(({ active }) => active).length > 1) {
    throw new ImageError('corrupt', 'more than one MBR partition is active');
  }
  checkPlaces(partitions, Math.floor(source.size / SECTOR_SIZE));
  return {
    bootCode: bytes.slice(0, BOOT_CODE_SIZE),
    diskSignature: view.getUint32(BOOT_CODE_SIZE, true),
    partitions,
  };
}
