// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import type { Gpt } from '../gpt/gpt.js';
import { GPT_TYPE } from '../gpt/guid.js';
import { gptEnd, readGpt, readPrimaryGpt } from '../gpt/parse.js';
import { type ByteSource, sliceSource } from '../layout/source.js';
import { BOOT_CODE_SIZE, type MbrPartition, SECTOR_SIZE } from '../mbr/mbr.js';
import { readMbr } from '../mbr/parse.js';
import { PROTECTIVE_TYPE } from '../mbr/protective.js';
import { hasText, peek } from './bytes.js';
import { FindingsCollector } from './findings.js';

/** A partition as its table describes it. */
export interface TableEntry {
  readonly number: number;
  /** A GUID for GPT, `0xef` for MBR. */
  readonly type: string;
  /** Empty for MBR, which has no names. */
  readonly name: string;
  /** Bytes from the start of the disk. */
  readonly offset: number;
  readonly size: number;
  /** The active flag of MBR; never set for GPT. */
  readonly active: boolean;
  /** It says that it is for the loaders of UEFI. */
  readonly efiSystem: boolean;
}

/** How the first sectors of a disk, or of the system area of an ISO, are laid out. */
export interface Tables {
  /**
   * `hybrid`: GPT, with an MBR that shows some of it to others; `boot-sector`: a first sector with a mark and code,
   * and no table; `none`: not even that.
   */
  readonly scheme: 'gpt' | 'hybrid' | 'mbr' | 'boot-sector' | 'none';
  /** There is code in the first sector that a BIOS runs. */
  readonly bootCode: boolean;
  readonly entries: readonly TableEntry[];
}

const BOOT_MARK = 0xaa55;
const EFI_SYSTEM_MBR = 0xef;
const EXTENDED_MBR = [0x05, 0x0f, 0x85];

/** Returns whether there is a GPT header where the first copy belongs, for sectors of 512 or 4096 bytes. */
export const hasGptMark = (source: ByteSource) =>
  [SECTOR_SIZE, 4096].some((at) => hasText(peek(source, at, 8), 0, 'EFI PART'));

/**
 * Refuses a disk whose GPT counts in sectors of 4096 bytes: what is attached as a disk here, or is a stick, has sectors of 512.
 * @throws ImageError `unsupported`
 */
export function assertSectors(source: ByteSource): void {
  if (!hasText(peek(source, 4096, 8), 0, 'EFI PART') || hasText(peek(source, SECTOR_SIZE, 8), 0, 'EFI PART'))
    return;
  throw new ImageError(
    'unsupported',
    'a GPT of sectors of 4096 bytes, where a disk or a stick of sectors of 512 bytes has nothing',
    { fix: 'make it with sectors of 512 bytes' },
  );
}

/** Returns whether the first sector ends with the mark of a boot sector. */
export function hasBootMark(source: ByteSource): boolean {
  const sector = peek(source, 0, SECTOR_SIZE);
  return sector.length === SECTOR_SIZE && sector.readUInt16LE(510) === BOOT_MARK;
}

/**
 * Returns whether the four records of an MBR can be a table: where code stands in their place, their first bytes are
 * no flags.
 */
const isMbrTable = (sector: Buffer) =>
  [0, 1, 2, 3].every((index) => [0, 0x80].includes(sector.readUInt8(446 + 16 * index))) &&
  sector.subarray(446, 510).some((byte) => byte !== 0);

/** Returns whether a disk has a partition table, whatever an earlier format has left on it. */
export const hasTable = (source: ByteSource) =>
  hasGptMark(source) || (hasBootMark(source) && isMbrTable(peek(source, 0, SECTOR_SIZE)));

/** Reads the partition tables that there are; what is wrong with them becomes findings. */
export function readTables(source: ByteSource, findings: FindingsCollector): Tables {
  const sector = peek(source, 0, SECTOR_SIZE);
  const marked = hasBootMark(source);
  const bootCode = marked && sector.subarray(0, BOOT_CODE_SIZE).some((byte) => byte !== 0);
  const gptMark = hasGptMark(source);
  if (!marked) {
    if (!gptMark) return { scheme: 'none', bootCode, entries: [] };
    findings.add('corrupt', 'there is a GPT, but no MBR that protects it');
    return { scheme: 'gpt', bootCode, entries: gptEntries(findings.attempt(() => readPrimaryGpt(source))) };
  }
  const types = [0, 1, 2, 3].map((index) => sector.readUInt8(450 + 16 * index));
  if (types.includes(PROTECTIVE_TYPE)) {
    const gpt = readWholeGpt(source, findings);
    const hybrid = (gpt?.hybrid.length ?? 0) > 0;
    return { scheme: hybrid ? 'hybrid' : 'gpt', bootCode, entries: gptEntries(gpt) };
  }
  if (!isMbrTable(sector)) {
    return { scheme: bootCode ? 'boot-sector' : 'none', bootCode, entries: [] };
  }
  const partitions = findings.attempt(() => readMbr(source).partitions) ?? [];
  if (partitions.some(({ type }) => EXTENDED_MBR.includes(type))) {
    findings.unread.push('the logical partitions inside an extended one');
  }
  return { scheme: 'mbr', bootCode, entries: partitions.map(mbrEntry) };
}

/**
 * Reads a GPT that may end before its source does, as on every stick that is larger than the image on it: firmware and
 * systems go by the place of the backup that the first header names.
 */
function readWholeGpt(source: ByteSource, findings: FindingsCollector): Gpt | undefined {
  const quiet = new FindingsCollector();
  const end = quiet.attempt(() => gptEnd(source)) ?? source.size;
  const padded = end < source.size ? quiet.attempt(() => readGpt(sliceSource(source, 0, end))) : undefined;
  if (padded !== undefined) {
    findings.unread.push(`${source.size - end} bytes behind the end of the GPT, which is at byte ${end}`);
    return padded;
  }
  // What is left of a damaged table is worth knowing too.
  return findings.attempt(() => readGpt(source)) ?? quiet.attempt(() => readPrimaryGpt(source));
}

const gptEntries = (gpt: Gpt | undefined): TableEntry[] =>
  (gpt?.partitions ?? []).map(({ number, typeGuid, name, firstLba, sectors }) => ({
    number,
    type: typeGuid,
    name,
    offset: firstLba * SECTOR_SIZE,
    size: sectors * SECTOR_SIZE,
    active: false,
    efiSystem: typeGuid === GPT_TYPE.efiSystem,
  }));

const mbrEntry = ({
  number,
  type,
  firstLba,
  sectors,
  active = false,
}: MbrPartition & { number: number }): TableEntry => ({
  number,
  type: `0x${type.toString(16).padStart(2, '0')}`,
  name: '',
  offset: firstLba * SECTOR_SIZE,
  size: sectors * SECTOR_SIZE,
  active,
  efiSystem: type === EFI_SYSTEM_MBR,
});
