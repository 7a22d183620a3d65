// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { Structure } from '../layout/structure.js';
import { LONE_SURROGATE } from '../text.js';
import type { GptPartition } from './gpt.js';
import { bytesToGuid, guidToBytes, NIL_GUID } from './guid.js';

/** Bytes of an entry as written; readers take larger ones too (UEFI 2.10, table 5-6). */
export const ENTRY_SIZE = 128;

const NAME_OFFSET = 56;
const NAME_UNITS = 36;

/** Refuses a name that is too long, is no UTF-16 or holds a control character. @throws ImageError `bad-name` */
function checkName(name: string): void {
  if (name.length > NAME_UNITS || /[\u0000-\u001f\u007f]/.test(name) || LONE_SURROGATE.test(name)) {
    throw new ImageError(
      'bad-name',
      `partition name ${JSON.stringify(name)}: expected at most ${NAME_UNITS} UTF-16 units of printable text`,
    );
  }
}

/** Writes one entry over `into` at `offset`. */
export function formatEntry(partition: GptPartition, into: Structure, offset: number): void {
  checkName(partition.name);
  if (partition.attributes < 0n || partition.attributes >> 64n !== 0n) {
    throw new ImageError('out-of-range', `partition attributes ${partition.attributes} do not fit 64 bits`);
  }
  into.set(guidToBytes(partition.typeGuid), offset);
  into.set(guidToBytes(partition.uniqueGuid), offset + 16);
  into.put64(BigInt(partition.firstLba), offset + 32);
  into.put64(BigInt(partition.firstLba + partition.sectors - 1), offset + 40);
  into.put64(partition.attributes, offset + 48);
  for (let unit = 0; unit < partition.name.length; unit++) {
    into.put(partition.name.charCodeAt(unit), offset + NAME_OFFSET + 2 * unit, 2);
  }
}

/** Reads the entry at `offset`; undefined when it is unused. Its sectors are not yet held against the disk. */
export function parseEntry(bytes: Structure, offset: number, number: number): GptPartition | undefined {
  const typeGuid = bytesToGuid(bytes, offset);
  if (typeGuid === NIL_GUID) return undefined;
  const firstLba = bytes.u64(offset + 32);
  const lastLba = bytes.u64(offset + 40);
  if (lastLba < firstLba || lastLba >= BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ImageError('corrupt', `GPT partition ${number} runs from sector ${firstLba} to ${lastLba}`);
  }
  const codes = Array.from({ length: NAME_UNITS }, (_, unit) => bytes.u16(offset + NAME_OFFSET + 2 * unit));
  const units = String.fromCharCode(...codes);
  const name = units.split('\0', 1)[0] ?? '';
  if (LONE_SURROGATE.test(name)) {
    throw new ImageError('corrupt', `GPT partition ${number} has half a surrogate pair in its name`);
  }
  return {
    typeGuid,
    uniqueGuid: bytesToGuid(bytes, offset + 16),
    name,
    firstLba: Number(firstLba),
    sectors: Number(lastLba - firstLba) + 1,
    attributes: bytes.u64(offset + 48),
  };
}
