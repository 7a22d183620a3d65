// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { Structure } from '../layout/structure.js';
import type { FatType } from './fat.js';
import { CLUSTER_LIMITS, ENTRY_SIZE, type FatGeometry, rootSectors, tableSize } from './geometry.js';

/** What the boot sector says. */
export interface BootSector {
  readonly geometry: FatGeometry;
  /** 0 where the sector has no extended boot record. */
  readonly volumeId: number;
  /** The eleven bytes of the label; undefined without an extended boot record. */
  readonly label: Structure | undefined;
  readonly media: number;
  /** FAT32 only: sector of the free-space record, where there is one. */
  readonly fsInfoSector: number | undefined;
}

const SMALLEST_SECTOR = 512;
/** Stands for no sector, as 0 does. */
const NO_SECTOR = 0xffff;
const EXTENDED_MARK = 0x29;
/** Bits of the state: not cleanly unmounted, and read errors were seen. */
const UNCLEAN = 3;
/** Of Microsoft's specification; mkfs.fat writes up to 32 KiB. */
const LARGEST_SECTOR = 4096;

const corrupt = (message: string) => new ImageError('corrupt', `FAT boot sector: ${message}`);

function expect(holds: boolean, field: string, value: number | string, expected: string): void {
  if (!holds) throw corrupt(`${field} is ${value}, expected ${expected}`);
}

const isPowerOfTwo = (value: number) => value > 0 && (value & (value - 1)) === 0;

/** Settles the type: a 16-bit table size of 0 means FAT32, the number of clusters decides between the others. */
function typeOf(is32: boolean, clusters: number): FatType {
  if (is32) return 32;
  return clusters <= CLUSTER_LIMITS[12][1] ? 12 : 16;
}

function parseGeometry(bytes: Structure): FatGeometry {
  const sectorSize = bytes.u16(11);
  expect(isPowerOfTwo(sectorSize) && sectorSize >= 512, 'sector size', sectorSize, '512, 1024, 2048 or 4096');
  if (sectorSize > LARGEST_SECTOR) {
    throw new ImageError(
      'unsupported',
      `FAT boot sector: sectors of ${sectorSize} bytes, which no firmware and no Linux reads`,
    );
  }
  const sectorsPerCluster = bytes.u8(13);
  expect(isPowerOfTwo(sectorsPerCluster), 'sectors per cluster', sectorsPerCluster, 'a power of two');
  const reservedSectors = bytes.u16(14);
  expect(reservedSectors > 0, 'reserved sectors', 0, 'at least 1');
  const fatCount = bytes.u8(16);
  expect(fatCount > 0, 'number of FATs', 0, 'at least 1');

  const is32 = bytes.u16(22) === 0;
  const sectorsPerFat = is32 ? bytes.u32(36) : bytes.u16(22);
  const rootEntries = bytes.u16(17);
  const wholeSectors = (rootEntries * ENTRY_SIZE) % sectorSize === 0;
  expect(
    wholeSectors && (rootEntries === 0) === is32,
    'root entries',
    rootEntries,
    is32 ? '0' : 'whole sectors of them',
  );
  const [total16, total32] = [bytes.u16(19), bytes.u32(32)];
  // Microsoft leaves the 16 bits to the smaller types; mkfs.fat uses them for every small volume.
  expect(
    total16 === 0 ? total32 > 0 : total32 === 0 || total32 === total16,
    'total sectors',
    `${total16} and ${total32}`,
    'one of the two, or both alike',
  );
  const totalSectors = total16 || total32;

  const before = reservedSectors + fatCount * sectorsPerFat + rootSectors({ rootEntries, sectorSize });
  const clusters = Math.floor((totalSectors - before) / sectorsPerCluster);
  const type = typeOf(is32, clusters);
  expect(
    clusters > 0 && clusters <= CLUSTER_LIMITS[type][1],
    'number of clusters',
    clusters,
    `1 to ${CLUSTER_LIMITS[type][1]}`,
  );
  const needed = Math.ceil(tableSize(type, clusters) / sectorSize);
  expect(
    sectorsPerFat >= needed,
    'sectors per FAT',
    sectorsPerFat,
    `at least ${needed} for ${clusters} clusters`,
  );
  const rootCluster = is32 ? bytes.u32(44) : 0;
  expect(
    !is32 || (rootCluster >= 2 && rootCluster < clusters + 2),
    'root cluster',
    rootCluster,
    `2 to ${clusters + 1}`,
  );
  const hiddenSectors = bytes.u32(28);
  return {
    type,
    sectorSize,
    sectorsPerCluster,
    reservedSectors,
    fatCount,
    sectorsPerFat,
    rootEntries,
    rootCluster,
    totalSectors,
    hiddenSectors,
    clusters,
  };
}

/** Checks the fields that FAT32 alone has, and returns the sector of the free-space record. */
function checkFat32Fields(
  source: ByteSource,
  bytes: Structure,
  { reservedSectors, sectorSize }: FatGeometry,
): number | undefined {
  if ((bytes.u16(40) & 0x80) !== 0) {
    throw new ImageError('unsupported', 'FAT boot sector: the copies of the FAT are not kept equal');
  }
  const version = bytes.u16(42);
  if (version !== 0) throw new ImageError('unsupported', `FAT boot sector: FAT32 version is ${version}`);
  const fsInfo = bytes.u16(48);
  const hasInfo = fsInfo !== 0 && fsInfo !== NO_SECTOR;
  expect(!hasInfo || fsInfo < reservedSectors, 'FSInfo sector', fsInfo, `1 to ${reservedSectors - 1}`);
  const backup = bytes.u16(50);
  expect(
    backup !== 0 && backup < reservedSectors && backup !== fsInfo,
    'backup sector',
    backup,
    `1 to ${reservedSectors - 1}`,
  );
  // The code behind may differ: installers of boot loaders change one copy only. So may the dirty flag.
  const parameters = (sector: Structure) => [sector.subarray(11, 65), sector.subarray(66, 90)];
  const copy = Structure.over(readBytes(source, backup * sectorSize, SMALLEST_SECTOR));
  if (!Structure.join(parameters(bytes)).equals(Structure.join(parameters(copy)))) {
    throw corrupt(`its backup in sector ${backup} differs`);
  }
  return hasInfo ? fsInfo : undefined;
}

/**
 * Reads the boot sector and checks every field that says something about the volume.
 * @throws ImageError `truncated`, `bad-magic`, `corrupt` or `unsupported`
 */
export function readBootSector(source: ByteSource): BootSector {
  if (source.size < SMALLEST_SECTOR) {
    throw new ImageError('truncated', `a FAT volume of ${source.size} bytes has no room for its boot sector`);
  }
  const bytes = Structure.over(readBytes(source, 0, SMALLEST_SECTOR));
  const isJump = (bytes[0] === 0xeb && bytes[2] === 0x90) || bytes[0] === 0xe9;
  if (bytes.u16(510) !== 0xaa55 || !isJump) {
    throw new ImageError(
      'bad-magic',
      'sector 0 does not begin with a jump and end in 55 AA, so it is no FAT boot sector',
    );
  }
  const geometry = parseGeometry(bytes);
  const { type, totalSectors, sectorSize } = geometry;
  if (totalSectors * sectorSize > source.size) {
    throw new ImageError(
      'truncated',
      `the FAT volume has ${totalSectors} sectors of ${sectorSize} bytes, the image only ${source.size} bytes`,
    );
  }
  const media = bytes.u8(21);
  expect(media === 0xf0 || media >= 0xf8, 'media byte', media, '240 or 248 to 255');
  const fsInfoSector = type === 32 ? checkFat32Fields(source, bytes, geometry) : undefined;
  const extended = type === 32 ? 64 : 36;
  const state = bytes.u8(extended + 1);
  if ((state & UNCLEAN) !== 0) {
    throw new ImageError('corrupt', `the FAT volume is marked as not cleanly unmounted (${state})`, {
      fix: 'run fsck.vfat on the volume',
    });
  }
  const hasIdentity = bytes[extended + 2] === EXTENDED_MARK;
  return {
    geometry,
    media,
    fsInfoSector,
    volumeId: hasIdentity ? bytes.u32(extended + 3) : 0,
    label: hasIdentity ? bytes.subarray(extended + 7, extended + 18) : undefined,
  };
}
