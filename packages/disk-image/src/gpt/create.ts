// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertAmount } from '../layout/amount.js';
import { createLayout, type Extent, type Layout, placeLayout } from '../layout/layout.js';
import { type ByteSource, bytesSource } from '../layout/source.js';
import { Structure } from '../layout/structure.js';
import { SECTOR_SIZE } from '../mbr/mbr.js';
import { formatProtectiveMbr } from '../mbr/protective.js';
import { crc32 } from './crc32.js';
import { ENTRY_SIZE, formatEntry } from './entry.js';
import type { GptOptions, GptTables, PlacedGptPartition } from './gpt.js';
import { formatHeader } from './header.js';
import { checkPartitions } from './rules.js';

const ENTRY_COUNT = 128;
const ENTRIES_SECTORS = (ENTRY_COUNT * ENTRY_SIZE) / SECTOR_SIZE;
/** MBR, header, entries. */
const PRIMARY_SECTORS = 2 + ENTRIES_SECTORS;
const BACKUP_SECTORS = ENTRIES_SECTORS + 1;
const DEFAULT_ALIGNMENT = 1 << 20;

/** Gives every partition its sectors, each without a place of its own after the one before it. */
function placePartitions(options: GptOptions, firstUsableLba: number): PlacedGptPartition[] {
  const { alignment: bytes = DEFAULT_ALIGNMENT } = options;
  assertAmount('the alignment of partitions', bytes, 1);
  const alignment = bytes / SECTOR_SIZE;
  if (!Number.isInteger(alignment) || alignment < 1) {
    throw new ImageError(
      'out-of-range',
      `alignment ${options.alignment} is no multiple of ${SECTOR_SIZE} bytes`,
    );
  }
  let next = firstUsableLba;
  return options.partitions.map(
    ({ typeGuid, uniqueGuid, name = '', attributes = 0n, content, ...place }, index) => {
      const what = `GPT partition ${index + 1} ${JSON.stringify(name)}`;
      const firstLba = place.firstLba ?? Math.ceil(next / alignment) * alignment;
      if (firstLba % alignment !== 0) {
        throw new ImageError(
          'out-of-range',
          `${what} starts at sector ${firstLba}, no multiple of ${alignment}`,
        );
      }
      const size = place.size ?? content?.size ?? 0;
      if (!Number.isSafeInteger(size) || size <= 0) {
        throw new ImageError('out-of-range', `${what} has a size of ${size} bytes`);
      }
      if (content) assertAmount(`${what}: the size of its content`, content.size);
      if (content && content.size > size) {
        throw new ImageError('too-large', `${what} of ${size} bytes shall hold ${content.size}`);
      }
      const sectors = Math.ceil(size / SECTOR_SIZE);
      next = firstLba + sectors;
      return { typeGuid, uniqueGuid, name, firstLba, sectors, attributes, content };
    },
  );
}

/**
 * Plans the tables of a GPT disk without its partitions: for an image whose middle somebody else writes.
 * Checks that everything fits and that no two partitions meet.
 * @throws ImageError `too-large`, `overlap`, `out-of-range` or `bad-name` when the plan cannot be written
 */
export function createGptTables(options: GptOptions): GptTables {
  const { size, diskGuid, bootCode = new Uint8Array(), firstUsableLba = PRIMARY_SECTORS } = options;
  assertAmount('the size of a GPT disk', size);
  const diskSectors = size / SECTOR_SIZE;
  if (!Number.isSafeInteger(diskSectors) || diskSectors < PRIMARY_SECTORS + BACKUP_SECTORS + 1) {
    throw new ImageError(
      'out-of-range',
      `a GPT disk cannot have ${size} bytes; expected a multiple of ${SECTOR_SIZE}, at least 34816`,
    );
  }
  const lastUsableLba = diskSectors - BACKUP_SECTORS - 1;
  if (
    !Number.isInteger(firstUsableLba) ||
    firstUsableLba < PRIMARY_SECTORS ||
    firstUsableLba > lastUsableLba
  ) {
    throw new ImageError(
      'out-of-range',
      `first usable sector ${firstUsableLba}, expected ${PRIMARY_SECTORS} to ${lastUsableLba}`,
    );
  }
  if (options.partitions.length > ENTRY_COUNT) {
    throw new ImageError(
      'too-large',
      `${options.partitions.length} partitions, the table holds ${ENTRY_COUNT}`,
    );
  }
  const partitions = placePartitions(options, firstUsableLba);
  checkPartitions(partitions, { firstUsableLba, lastUsableLba }, { outside: 'too-large', clash: 'overlap' });

  const entries = new Structure(ENTRIES_SECTORS * SECTOR_SIZE);
  for (const [index, partition] of partitions.entries()) formatEntry(partition, entries, index * ENTRY_SIZE);
  const header = (lba: number, alternateLba: number, entriesLba: number) =>
    formatHeader({
      lba,
      alternateLba,
      firstUsableLba,
      lastUsableLba,
      diskGuid,
      entriesLba,
      entryCount: ENTRY_COUNT,
      entrySize: ENTRY_SIZE,
      entriesCrc: crc32(entries),
    });
  const lastLba = diskSectors - 1;
  const backupLba = lastUsableLba + 1;
  const extent = (lba: number, ...parts: Uint8Array[]): Extent => ({
    offset: lba * SECTOR_SIZE,
    source: bytesSource(Structure.join(parts)),
  });
  return {
    primary: extent(0, formatProtectiveMbr({ diskSectors, bootCode }), header(1, lastLba, 2), entries),
    backup: extent(backupLba, entries, header(lastLba, 1, backupLba)),
    partitions,
  };
}

const contentExtents = (content: Layout | ByteSource, offset: number): Extent[] =>
  'extents' in content ? placeLayout(content, offset) : [{ offset, source: content }];

/** Plans a whole GPT disk: both tables, and the partitions' contents in their places. @throws as {@link createGptTables} */
export function createGptDisk(options: GptOptions): Layout {
  const { primary, backup, partitions } = createGptTables(options);
  const contents = partitions.flatMap(({ content, firstLba }) =>
    content ? contentExtents(content, firstLba * SECTOR_SIZE) : [],
  );
  return createLayout(options.size, [primary, ...contents, backup]);
}
