// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { alignSigned } from './authenticode.js';
import type { FileRange, PeHeaders } from './pe.js';

/** Revision 2.0 and the type of a PKCS #7 SignedData, the only ones that firmware takes. */
const REVISION = 0x0200;
const PKCS_SIGNED_DATA = 2;
const HEADER_SIZE = 8;
/** Far more than any signature takes: some are of 2 KiB, and a file holds a few. */
const MAX_TABLE = 1 << 20;

/** An entry of a certificate table (`WIN_CERTIFICATE`): one signature. */
export interface PeCertificate extends FileRange {
  /** The SignedData of PKCS #7, without the zeros that follow it. */
  readonly der: Uint8Array;
}

/** Refuses a certificate table. @throws ImageError `corrupt` */
function refuse(at: number, reason: string): never {
  throw new ImageError('corrupt', `PE certificate at byte ${at}: ${reason}`);
}

/**
 * Reads the certificates of a program. No signature covers their table, so every byte of it has to be accounted for: whole
 * entries up to its end, and less than eight zeros behind each.
 * @throws ImageError `corrupt`, or `unsupported` for a table above a mebibyte
 */
export function readCertificates(source: ByteSource, { certificates }: PeHeaders): PeCertificate[] {
  if (!certificates) return [];
  if (certificates.size > MAX_TABLE) {
    throw new ImageError('unsupported', `a PE certificate table of ${certificates.size} bytes`);
  }
  const table = Buffer.from(readBytes(source, certificates.offset, certificates.size));
  const found: PeCertificate[] = [];
  for (let at = 0; at < table.length; ) {
    const place = certificates.offset + at;
    if (table.length - at < HEADER_SIZE)
      refuse(place, `${table.length - at} bytes are left, none begins there`);
    const length = table.readUInt32LE(at);
    const end = at + alignSigned(length);
    if (length <= HEADER_SIZE) refuse(place, `it has ${length} bytes`);
    if (end > table.length) refuse(place, `it has ${length} bytes, ${table.length - at} are left`);
    const revision = table.readUInt16LE(at + 4);
    const type = table.readUInt16LE(at + 6);
    if (revision !== REVISION || type !== PKCS_SIGNED_DATA) {
      refuse(place, `revision 0x${revision.toString(16)} and type ${type}, expected 0x200 and 2 (PKCS #7)`);
    }
    found.push({ offset: place, size: end - at, der: takeDer(table.subarray(at + HEADER_SIZE, end), place) });
    at = end;
  }
  return found;
}

/** Takes the DER at the beginning of an entry; what follows it are fewer than eight zeros. */
function takeDer(content: Buffer, place: number): Uint8Array {
  const size = derSize(content);
  if (size === undefined || size > content.length) refuse(place, 'its content is no DER sequence');
  const rest = content.subarray(size);
  if (rest.length >= 8 || rest.some((byte) => byte !== 0)) {
    refuse(place, `${rest.length} bytes follow the signature that are not padding`);
  }
  return new Uint8Array(content.subarray(0, size));
}

/** Returns the length of the DER sequence at the beginning of `bytes`; undefined for what is none. */
function derSize(bytes: Buffer): number | undefined {
  const first = bytes[1];
  if (bytes[0] !== 0x30 || first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined;
  return 2 + count + bytes.readUIntBE(2, count);
}
