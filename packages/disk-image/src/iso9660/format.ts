// SPDX-License-Identifier: Apache-2.0
/** Constants and field encodings of ISO 9660 (ECMA-119, 4th edition; the clauses named here are its own). */
import { ImageError } from '../error.js';
import { viewOf } from '../layout/view.js';

/** Bytes in a logical sector, and in a logical block of every image written here. */
export const SECTOR = 2048;
/** The first 16 sectors belong to whoever boots from the image (clause 7.2.1). */
export const SYSTEM_AREA = 16 * SECTOR;
/** The largest section of a file that ends on a sector boundary: 4 GiB - 2 KiB. */
export const MAX_SECTION = 0xffff_f800;
/** A directory record has a one-byte length, and an even one. */
export const MAX_RECORD = 254;

/** Standard identifier of every volume descriptor (8.1.2). */
export const STANDARD_ID = 'CD001';
/** Boot system identifier of El Torito (El Torito 1.0, figure 7). */
export const EL_TORITO_ID = 'EL TORITO SPECIFICATION';

/** Flags of a directory record (9.1.6). */
export const FLAG_FOLDER = 0x02;
export const FLAG_MULTI_EXTENT = 0x80;

/** Rounds `value` up to a multiple of `unit`. */
export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** Writes a 16-bit number, little-endian then big-endian (7.2.3). */
export function setBoth16(view: DataView, at: number, value: number): void {
  view.setUint16(at, value, true);
  view.setUint16(at + 2, value);
}

/** Writes a 32-bit number, little-endian then big-endian (7.3.3). */
export function setBoth32(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setUint32(at + 4, value);
}

/**
 * Reads a 16-bit number that is stored in both byte orders.
 * @throws ImageError `corrupt` when the two halves disagree
 */
export function getBoth16(view: DataView, at: number, what: string): number {
  return agree(view.getUint16(at, true), view.getUint16(at + 2), what);
}

/**
 * Reads a 32-bit number that is stored in both byte orders.
 * @throws ImageError `corrupt` when the two halves disagree
 */
export function getBoth32(view: DataView, at: number, what: string): number {
  return agree(view.getUint32(at, true), view.getUint32(at + 4), what);
}

function agree(little: number, big: number, what: string): number {
  if (little === big) return little;
  throw new ImageError('corrupt', `${what} is ${little} in little-endian and ${big} in big-endian`);
}

/** Puts ASCII text into a field of `length` bytes, padded with `pad`. */
export function setText(view: DataView, at: number, length: number, text: string, pad = 0x20): void {
  for (let i = 0; i < length; i++) view.setUint8(at + i, i < text.length ? text.charCodeAt(i) : pad);
}

/** Reads text of one-byte characters in a field, without the spaces and NULs that pad it. */
export function getText(view: DataView, at: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint8(at + i));
  return text.replace(/[ \0]+$/, '');
}

/** Makes the bytes of a structure whose fields `fill` sets. */
export function structure(length: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(viewOf(bytes));
  return bytes;
}
