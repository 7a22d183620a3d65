// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, readBytes } from '@latticra/disk-image';
import {
  authenticodeDigest,
  openPe,
  type PeImage,
  peChecksum,
  readCertificates,
  readSignedDigest,
} from '@latticra/disk-image/pe';
import { LinuxImageError } from '../error.js';
import { wrapImageError } from './wrap.js';

const CHUNK = 1 << 20;
const CERTIFICATE_ALIGNMENT = 8;

/** A signed program that was held against the unsigned one. */
export interface SignedUki {
  /** How many signatures it carries, each over the unsigned program. Whether a key holds is for firmware to say. */
  readonly signatures: number;
  /** The digest that each is over (Authenticode with SHA-256), in lower-case hexadecimal. */
  readonly authenticode: string;
}

/** Refuses what differs. @throws LinuxImageError `signed-differs` */
function differs(reason: string): never {
  throw new LinuxImageError('signed-differs', `the signed file ${reason}`, {
    fix: 'sign the unsigned file of this very build, and change nothing else in it',
  });
}

/**
 * Holds a signed program against the unsigned one: nothing may differ but what a signature needs, which are the check sum,
 * the directory entry of the certificates, zeros up to a multiple of 8, and a table of one or more whole certificates. The
 * digest in each has to be that of the unsigned program. Who signed, and whether a signature holds, takes keys
 * and is not looked at.
 * @throws LinuxImageError `not-signed`, `signed-differs`, `bad-signature`; `bad-uki` for an unsigned one that is signed
 * or no program
 */
export function checkSignedUki(unsigned: ByteSource, signed: ByteSource): SignedUki {
  const before = wrapImageError('bad-uki', 'the unsigned file', () => openPe(unsigned));
  if (before.certificates) throw new LinuxImageError('bad-uki', 'the unsigned file carries a signature');
  const after = wrapImageError('bad-signature', 'the signed file', () => openPe(signed));
  if (!after.certificates) {
    throw new LinuxImageError('not-signed', 'the signed file carries no signature', {
      fix: 'sign it with sbsign or osslsigncode, and give the file that those write',
    });
  }
  const content = Math.ceil(unsigned.size / CERTIFICATE_ALIGNMENT) * CERTIFICATE_ALIGNMENT;
  if (after.certificates.offset !== content) {
    differs(`has its certificates at byte ${after.certificates.offset}, where ${content} was expected`);
  }
  compareContent(unsigned, signed, before);
  const padding = readBytes(signed, unsigned.size, content - unsigned.size);
  if (padding.some((byte) => byte !== 0)) differs(`has something else than zeros at byte ${unsigned.size}`);
  return wrapImageError('bad-signature', 'the signed file', () => {
    const certificates = readCertificates(signed, after);
    if (after.checksum !== peChecksum(signed, after)) {
      throw new LinuxImageError('bad-signature', 'the signed file has a wrong check sum in its header');
    }
    const authenticode = authenticodeDigest(unsigned, before);
    certificates.forEach(({ der }, index) => {
      const found = readSignedDigest(der);
      if (found === authenticode) return;
      throw new LinuxImageError(
        'bad-signature',
        `signature ${index + 1} is over a file with the digest ${found}, this one has ${authenticode}`,
        { fix: 'sign the unsigned file of this very build' },
      );
    });
    return { signatures: certificates.length, authenticode };
  });
}

/** Refuses a signed program in which a byte of the unsigned one is another, but for what signing writes into headers. */
function compareContent(
  unsigned: ByteSource,
  signed: ByteSource,
  { places, sections, headersSize }: PeImage,
): void {
  const isSigning = (at: number) =>
    (at >= places.checksum && at < places.checksum + 4) ||
    (at >= places.certificateEntry && at < places.certificateEntry + 8);
  for (let start = 0; start < unsigned.size; start += CHUNK) {
    const length = Math.min(CHUNK, unsigned.size - start);
    const expected = readBytes(unsigned, start, length);
    const found = readBytes(signed, start, length);
    if (Buffer.compare(expected, found) === 0) continue;
    const index = expected.findIndex((byte, at) => byte !== found[at] && !isSigning(start + at));
    if (index < 0) continue;
    const at = start + index;
    const section = sections.find(({ offset, rawSize }) => at >= offset && at < offset + rawSize);
    const where = section
      ? `in section ${section.name}`
      : at < headersSize
        ? 'in its headers'
        : 'behind its sections';
    differs(`is another at byte ${at}, ${where}`);
  }
}
