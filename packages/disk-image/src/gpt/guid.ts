// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/** Partition types that boot images use, by the names their owners give them. */
export const GPT_TYPE = {
  efiSystem: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
  biosBoot: '21686148-6449-6E6F-744E-656564454649',
  linuxFilesystem: '0FC63DAF-8483-4772-8E79-3D69D8477DE4',
  basicData: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
} as const;

/** The GUID that means none. */
export const NIL_GUID = '00000000-0000-0000-0000-000000000000';

const PATTERN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** On disk the first three groups are little-endian numbers and the rest are plain bytes (UEFI 2.10, appendix A). */
const DISK_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

const reorder = (bytes: Uint8Array) => Uint8Array.from(DISK_ORDER, (index) => bytes[index] ?? 0);

/** Returns the 16 bytes of a UUID in the order its text has them. */
export function uuidBytes(text: string): Uint8Array {
  if (!PATTERN.test(text)) {
    throw new ImageError(
      'bad-name',
      `${JSON.stringify(text)} is no GUID; expected 8-4-4-4-12 hexadecimal digits`,
    );
  }
  const hex = text.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}

/** Writes 16 bytes in reading order as the text of a UUID, in upper case. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Returns the 16 bytes of a GUID as GPT stores them. @throws ImageError `bad-name` when the text is no GUID */
export function guidToBytes(text: string): Uint8Array {
  return reorder(uuidBytes(text));
}

/** Reads the GUID stored at `offset` as text in upper case. */
export function bytesToGuid(bytes: Uint8Array, offset = 0): string {
  return uuidText(reorder(bytes.subarray(offset, offset + 16)));
}
