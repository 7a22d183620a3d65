// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteSource, sliceSource } from '../layout/source.js';
import { Structure } from '../layout/structure.js';
import { readStructure } from '../layout/view.js';
import type { MbrPartition } from '../mbr/mbr.js';
import { SECTOR_SIZE } from '../mbr/mbr.js';
import { readMbr } from '../mbr/parse.js';
import { PROTECTIVE_TYPE, protectiveSectors } from '../mbr/protective.js';
import { crc32 } from './crc32.js';
import { ENTRY_SIZE, parseEntry } from './entry.js';
import type { Gpt, GptPartition } from './gpt.js';
import { type GptHeader, parseHeader } from './header.js';
import { checkPartitions } from './rules.js';

/** Largest entry array that is read; the usual one has 16 KiB. */
const MAX_ENTRIES_BYTES = 1 << 20;

/** Length of a protective record that does not say how long the disk is. */
const WHOLE_RANGE = 0xffffffff;

const corrupt = (message: string) => new ImageError('corrupt', message);

/** Checks the protective record; returns the others, which make the MBR a hybrid one. */
function checkProtectiveMbr(source: ByteSource, diskSectors: number): MbrPartition[] {
  const { partitions } = readMbr(source);
  const record = partitions.find(({ type }) => type === PROTECTIVE_TYPE);
  if (record === undefined) {
    throw new ImageError('bad-magic', 'the MBR has no protective record of type EEh, so this is no GPT disk');
  }
  const hybrid = partitions.filter((partition) => partition !== record);
  // Many writers cover 2 TiB whatever the disk; a hybrid record ends where the other ones begin.
  const lengths = [protectiveSectors(diskSectors), WHOLE_RANGE];
  if (hybrid.length === 0 && (record.firstLba !== 1 || !lengths.includes(record.sectors))) {
    throw corrupt(
      `the protective record covers ${record.sectors} sectors from ${record.firstLba}, ` +
        `expected ${protectiveSectors(diskSectors)} from 1`,
    );
  }
  return hybrid;
}

/** Returns how many sectors the entry array takes, after checking the numbers that say so. */
function entriesSectors({ entryCount, entrySize }: GptHeader, what: string): number {
  const power = entrySize / ENTRY_SIZE;
  if (!Number.isInteger(Math.log2(power)) || power < 1 || entryCount === 0) {
    throw corrupt(`${what}: ${entryCount} entries of ${entrySize} bytes`);
  }
  if (entryCount * entrySize > MAX_ENTRIES_BYTES) {
    throw new ImageError(
      'unsupported',
      `${what}: ${entryCount} entries of ${entrySize} bytes are more than 1 MiB`,
    );
  }
  return Math.ceil((entryCount * entrySize) / SECTOR_SIZE);
}

/** Reads one copy: the header with its place checked, and the entry array with its checksum checked. */
function readCopy(source: ByteSource, lba: number, alternateLba: number, what: string) {
  const header = parseHeader(source, lba, what);
  if (header.lba !== lba || header.alternateLba !== alternateLba) {
    throw new ImageError(
      'corrupt',
      `${what} at sector ${lba} says it is at ${header.lba} and the other at ${header.alternateLba}, expected ${lba} and ${alternateLba}`,
      { fix: 'a disk that was made larger or smaller afterwards is settled with sgdisk -e' },
    );
  }
  const sectors = entriesSectors(header, what);
  const { firstUsableLba, lastUsableLba, entriesLba } = header;
  const diskEnd = Math.max(lba, alternateLba);
  const [first, last] = lba < alternateLba ? [2, firstUsableLba - 1] : [lastUsableLba + 1, diskEnd - 1];
  if (
    firstUsableLba > lastUsableLba ||
    lastUsableLba >= diskEnd ||
    entriesLba < first ||
    entriesLba + sectors - 1 > last
  ) {
    throw corrupt(
      `${what}: entries from sector ${entriesLba} (${sectors}) and usable sectors ${firstUsableLba} to ${lastUsableLba} do not fit together`,
    );
  }
  const length = header.entryCount * header.entrySize;
  const table = readStructure(source, entriesLba * SECTOR_SIZE, length, `${what}: entries`);
  const entries = Structure.over(new Uint8Array(table.buffer, table.byteOffset, length));
  if (crc32(entries) !== header.entriesCrc)
    throw corrupt(`${what}: the checksum of its entries does not match`);
  return { header, entries };
}

const PRIMARY = 'primary GPT header';

const COMPARED = [
  'diskGuid',
  'firstUsableLba',
  'lastUsableLba',
  'entryCount',
  'entrySize',
  'entriesCrc',
] as const;

/**
 * Reads the partition table of a disk with 512-byte sectors. The protective MBR, which may be a hybrid one, both
 * copies and their checksums must be right and agree, and the backup must end the disk.
 * @throws ImageError `truncated` when the disk is too short, `bad-magic` when it is no GPT disk,
 * `unsupported` for another revision, larger sectors or a huge table, `corrupt` for everything that contradicts
 */
export function readGpt(source: ByteSource): Gpt {
  const diskSectors = Math.floor(source.size / SECTOR_SIZE);
  if (diskSectors < 6)
    throw new ImageError('truncated', `a disk of ${source.size} bytes has no room for a GPT`);
  const hybrid = checkProtectiveMbr(source, diskSectors);
  const { header, entries } = readCopy(source, 1, diskSectors - 1, PRIMARY);
  const backup = readCopy(source, diskSectors - 1, 1, 'backup GPT header');
  const differing = COMPARED.filter((key) => header[key] !== backup.header[key]);
  if (differing.length > 0) throw corrupt(`the two copies of the GPT differ in ${differing.join(', ')}`);
  if (!entries.equals(backup.entries)) throw corrupt('the two copies of the GPT differ in their entries');
  return parseCopy({ header, entries }, hybrid);
}

/**
 * Reads the primary copy of the table alone: what is there when {@link readGpt} finds fault with the rest.
 * @throws ImageError as readGpt, for what is wrong with the primary copy itself
 */
export function readPrimaryGpt(source: ByteSource): Gpt {
  if (source.size < 6 * SECTOR_SIZE) {
    throw new ImageError('truncated', `a disk of ${source.size} bytes has no room for a GPT`);
  }
  const { alternateLba } = parseHeader(source, 1, PRIMARY);
  return parseCopy(readCopy(source, 1, alternateLba, PRIMARY), []);
}

/**
 * Returns the byte at which a GPT ends by its primary header, which may lie before or behind the end of its source.
 * @throws ImageError as readGpt, for a header that cannot be read
 */
export function gptEnd(source: ByteSource): number {
  return (parseHeader(source, 1, PRIMARY).alternateLba + 1) * SECTOR_SIZE;
}

function parseCopy({ header, entries }: ReturnType<typeof readCopy>, hybrid: readonly MbrPartition[]): Gpt {
  const partitions: Gpt['partitions'][number][] = [];
  for (let number = 1; number <= header.entryCount; number++) {
    const partition = parseEntry(entries, (number - 1) * header.entrySize, number);
    if (partition) partitions.push({ ...partition, number });
  }
  checkPartitions(partitions, header, { outside: 'corrupt', clash: 'corrupt' });
  const { diskGuid, firstUsableLba, lastUsableLba } = header;
  return { diskGuid, firstUsableLba, lastUsableLba, partitions, hybrid };
}

/** Makes a source of the bytes of a partition that {@link readGpt} found in `source`. */
export function partitionSource(source: ByteSource, { firstLba, sectors }: GptPartition): ByteSource {
  return sliceSource(source, firstLba * SECTOR_SIZE, sectors * SECTOR_SIZE);
}
