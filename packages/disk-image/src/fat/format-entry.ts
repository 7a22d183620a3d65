// SPDX-License-Identifier: Apache-2.0
import { bytesOf } from '../layout/bytes.js';
import { Structure } from '../layout/structure.js';
import { ENTRY_SIZE } from './geometry.js';
import { longEntryCount, UNIT_OFFSETS, UNITS_PER_ENTRY } from './long-name.js';
import { type ShortName, shortNameChecksum } from './short-name.js';
import type { DosTime } from './time.js';

export const ATTRIBUTE = { readOnly: 1, hidden: 2, system: 4, label: 8, folder: 16, archive: 32 } as const;

/** The attribute byte of an entry that holds a piece of a long name. */
export const LONG_NAME_ATTRIBUTES = 15;

/** Bit of a long-name entry's number that marks the last piece, which is stored first. */
export const LAST_PIECE = 0x40;

/** What a directory entry says of a file, folder or label. */
export interface EntryPlan {
  readonly field: string;
  readonly attributes: number;
  readonly caseFlags?: number;
  readonly cluster?: number;
  readonly size?: number;
}

/** Makes the 32 bytes of an entry without long name. */
export function formatEntry(plan: EntryPlan, { date, time, hundredths }: DosTime): Structure {
  const bytes = new Structure(ENTRY_SIZE);
  const { field, attributes, caseFlags = 0, cluster = 0, size = 0 } = plan;
  bytes.putText(field, 0);
  bytes[11] = attributes;
  bytes[12] = caseFlags;
  bytes[13] = hundredths;
  bytes.put(time, 14, 2);
  bytes.put(date, 16, 2);
  bytes.put(date, 18, 2);
  bytes.put(cluster >>> 16, 20, 2);
  bytes.put(time, 22, 2);
  bytes.put(date, 24, 2);
  bytes.put(cluster & 0xffff, 26, 2);
  bytes.put(size, 28, 4);
  return bytes;
}

/** Makes the entries that hold a long name, last piece first, as they precede the entry of `short`. */
export function formatLongName(name: string, short: ShortName): Structure[] {
  const checksum = shortNameChecksum(bytesOf(short.field));
  const count = longEntryCount(name);
  return Array.from({ length: count }, (_, index) => {
    const number = count - index;
    const bytes = new Structure(ENTRY_SIZE);
    bytes[0] = number | (index === 0 ? LAST_PIECE : 0);
    bytes[11] = LONG_NAME_ATTRIBUTES;
    bytes[13] = checksum;
    UNIT_OFFSETS.forEach((offset, position) => {
      const at = (number - 1) * UNITS_PER_ENTRY + position;
      bytes.put(at < name.length ? name.charCodeAt(at) : at === name.length ? 0 : 0xffff, offset, 2);
    });
    return bytes;
  });
}
