// SPDX-License-Identifier: Apache-2.0
import { joinBytes } from '../layout/bytes.js';
/**
 * Rock Ridge, written: the System Use entries (SUSP, IEEE P1281) that carry POSIX names, modes and times
 * (RRIP, IEEE P1282) behind each directory record. Their reading side is in system-use.ts.
 */
import { shortDate } from './date.js';
import { SECTOR, setBoth32, setText, structure } from './format.js';
import { MAX_NAME } from './names.js';

/** Bytes of an entry that says where the rest is. */
export const CE_LENGTH = 28;
const MAX_NM = 250;
const ENCODER = new TextEncoder();

function entry(signature: string, length: number, fill: (view: DataView) => void): Uint8Array {
  return structure(length, (view) => {
    setText(view, 0, 2, signature);
    view.setUint8(2, length);
    view.setUint8(3, 1);
    fill(view);
  });
}

/**
 * Makes SP, which says that the volume uses SUSP at all (P1281, 5.3). It is the first entry of the root's own record.
 */
export const sharingProtocol = (): Uint8Array =>
  entry('SP', 7, (view) => {
    view.setUint16(4, 0xbeef);
  });

/** Makes ER, which says that the entries are Rock Ridge's (P1282, 4.3 has these three texts). */
export function extensionReference(): Uint8Array {
  const id = 'RRIP_1991A';
  const descriptor = 'THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS';
  const source =
    'PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN PRIMARY VOLUME ' +
    'DESCRIPTOR FOR CONTACT INFORMATION.';
  const text = id + descriptor + source;
  return entry('ER', 8 + text.length, (view) => {
    view.setUint8(4, id.length);
    view.setUint8(5, descriptor.length);
    view.setUint8(6, source.length);
    view.setUint8(7, 1);
    setText(view, 8, text.length, text);
  });
}

/** Makes PX, mode and number of links; everything belongs to root (P1282, 4.1.1, in its 1991 length). */
export const posixAttributes = (mode: number, links: number): Uint8Array =>
  entry('PX', 36, (view) => {
    setBoth32(view, 4, mode);
    setBoth32(view, 12, links);
  });

/** Makes TF, the times of modification, access and attribute change, in the short form (P1282, 4.1.6). */
export function timeStamps(epoch: number): Uint8Array {
  const date = shortDate(epoch);
  const flags = Uint8Array.of(0x02 | 0x04 | 0x08);
  return joinBytes(entry('TF', 26, () => {}).subarray(0, 4), flags, date, date, date);
}

/** The bytes of the name that was encoded last: none of its own for each of many thousands. */
const NAME = new Uint8Array(MAX_NAME);

/** Makes NM, the real name, in as many entries as it needs (P1282, 4.1.4). */
export function alternateName(name: string): Uint8Array[] {
  const { written: length } = ENCODER.encodeInto(name, NAME);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < length; at += MAX_NM) {
    const made = new Uint8Array(5 + Math.min(MAX_NM, length - at));
    setName(made, 0, at, made.length - 5, at + MAX_NM < length);
    entries.push(made);
  }
  return entries;
}

/** Returns the bytes that NM takes for a name, which {@link putName} writes next: of one that needs several, more than any record has. */
export const measureName = (name: string): number => 5 + ENCODER.encodeInto(name, NAME).written;

/** Writes NM of the name that was measured last, of that many bytes. */
export function putName(bytes: Uint8Array, to: number, measured: number): void {
  setName(bytes, to, 0, measured - 5, false);
}

/** Writes NM of `length` bytes of the name that was encoded last, `from` one on. */
function setName(bytes: Uint8Array, to: number, from: number, length: number, continues: boolean): void {
  // `NM`, its length, version 1, and whether it goes on.
  bytes[to] = 0x4e;
  bytes[to + 1] = 0x4d;
  bytes[to + 2] = 5 + length;
  bytes[to + 3] = 1;
  bytes[to + 4] = continues ? 1 : 0;
  for (let at = 0; at < length; at++) bytes[to + 5 + at] = NAME[from + at] as number;
}

/** The sectors behind a directory that take what its records have no room for. */
export class ContinuationArea {
  readonly #pieces: { at: number; bytes: Uint8Array }[] = [];
  readonly #sector: number;
  #used = 0;

  /** @param sector the first sector of the area */
  constructor(sector: number) {
    this.#sector = sector;
  }

  /** Length in bytes, whole sectors. */
  get size(): number {
    return Math.ceil(this.#used / SECTOR) * SECTOR;
  }

  /** Takes bytes in, never across a sector boundary, since Linux reads one block for each; returns the CE entry to them. */
  add(bytes: Uint8Array): Uint8Array {
    if ((this.#used % SECTOR) + bytes.length > SECTOR) this.#used = this.size;
    const at = this.#used;
    this.#pieces.push({ at, bytes });
    this.#used += bytes.length;
    return entry('CE', CE_LENGTH, (view) => {
      setBoth32(view, 4, this.#sector + Math.floor(at / SECTOR));
      setBoth32(view, 12, at % SECTOR);
      setBoth32(view, 20, bytes.length);
    });
  }

  /** Returns the bytes of the whole area. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.size);
    for (const piece of this.#pieces) bytes.set(piece.bytes, piece.at);
    return bytes;
  }
}

/** Packs entries into a record with `room` bytes left: those that fit, then an entry that says where the rest is. */
export function packEntries(
  entries: readonly Uint8Array[],
  room: number,
  area: ContinuationArea,
): Uint8Array {
  const all = joinBytes(...entries);
  if (all.length <= room) return all;
  let fitting = 0;
  let length = 0;
  for (const { length: next } of entries) {
    if (length + next > room - CE_LENGTH) break;
    length += next;
    fitting++;
  }
  return joinBytes(...entries.slice(0, fitting), area.add(joinBytes(...entries.slice(fitting))));
}
