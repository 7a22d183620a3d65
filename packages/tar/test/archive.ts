// SPDX-License-Identifier: Apache-2.0
/** Writes tar archives byte by byte, with any mistake that a test wants in them. */
import { BLOCK_BYTES } from '../src/header.js';

/** A member as a test describes it; every field of the header can be given as it is to stand there. */
export interface TestMember {
  readonly name: string;
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly link?: string;
  /** The size field; the content's length in octal unless given. */
  readonly size?: string | Uint8Array;
  readonly prefix?: string;
  /** `ustar`, NUL and version unless given. */
  readonly magic?: string;
  /** Other bytes of the header, by offset. */
  readonly raw?: Readonly<Record<number, string | Uint8Array>>;
  /** Added to the right checksum. */
  readonly checksumOff?: number;
}

const bytesOf = (value: string | Uint8Array) => (typeof value === 'string' ? Buffer.from(value) : value);

/** `value` in octal, as a field of twelve bytes has it. */
export const octal = (value: number) => `${value.toString(8).padStart(11, '0')}\0`;

/** Puts the checksum of a header into it, or one that is `off` by so much. */
export function fitChecksum(header: Buffer, off = 0): void {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0) + off;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}

/** A header block and the content behind it, padded. */
export function member(description: TestMember): Buffer {
  const content = bytesOf(description.content ?? '');
  const header = Buffer.alloc(BLOCK_BYTES);
  const put = (at: number, value: string | Uint8Array) => header.set(bytesOf(value), at);
  put(0, description.name);
  put(100, '0000644\0');
  put(124, description.size ?? octal(content.length));
  put(136, octal(0));
  put(156, description.type ?? '0');
  put(157, description.link ?? '');
  put(257, description.magic ?? 'ustar\x0000');
  put(345, description.prefix ?? '');
  for (const [at, value] of Object.entries(description.raw ?? {})) put(Number(at), value);
  fitChecksum(header, description.checksumOff);
  return Buffer.concat([header, content, Buffer.alloc(-content.length & (BLOCK_BYTES - 1))]);
}

/** An archive of these members, or of blocks that are one already, with its two zero blocks. */
export function archive(...members: (TestMember | Uint8Array)[]): Buffer {
  return Buffer.concat([
    ...members.map((entry) => (entry instanceof Uint8Array ? entry : member(entry))),
    Buffer.alloc(2 * BLOCK_BYTES),
  ]);
}

/** A record of a pax header: its length counts itself. */
export function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

/** A pax header of these records, for the member behind it (`x`) or for all (`g`). */
export const pax = (records: Readonly<Record<string, string>>, type: 'x' | 'g' = 'x'): TestMember => ({
  name: 'PaxHeaders/0',
  type,
  content: Object.entries(records)
    .map(([key, value]) => paxRecord(key, value))
    .join(''),
});

/** GNU's header for a long name (`L`) or link target (`K`). */
export const gnuLong = (type: 'L' | 'K', text: string): TestMember => ({
  name: '././@LongLink',
  type,
  content: `${text}\0`,
  magic: 'ustar  \0',
});
