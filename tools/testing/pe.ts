// SPDX-License-Identifier: Apache-2.0
/** Small programs of PE32+ that are sound to the last byte, and signatures on them that no key made. */
import { createHash } from 'node:crypto';

/** Where fields of {@link peProgram} lie in the file. */
export const PE_AT = {
  signature: 0x40,
  machine: 0x44,
  sections: 0x46,
  optionalSize: 0x54,
  characteristics: 0x56,
  magic: 0x58,
  dataSize: 0x58 + 8,
  entry: 0x58 + 16,
  sectionAlignment: 0x58 + 32,
  fileAlignment: 0x58 + 36,
  imageSize: 0x58 + 56,
  headersSize: 0x58 + 60,
  checksum: 0x58 + 64,
  subsystem: 0x58 + 68,
  directoryCount: 0x58 + 108,
  certificates: 0x58 + 112 + 32,
  sectionTable: 0x58 + 160,
} as const;

export const PE_PAGE = 4096;

export interface PeSample {
  /** Data behind the code, by name. */
  readonly sections?: Readonly<Record<string, Uint8Array>>;
  /** What the program does: nothing but return, unless given. */
  readonly code?: Uint8Array;
  /** Bytes that follow the last section. */
  readonly overlay?: number;
}

/** Makes a program for UEFI on x86-64: headers of a page, `.text`, the sections that are asked for; aligned to pages. */
export function peProgram({ sections = {}, code = Buffer.from([0xc3]), overlay = 0 }: PeSample = {}): Buffer {
  const all = Object.entries({ '.text': code, ...sections });
  const header = Buffer.alloc(PE_PAGE);
  header.write('MZ', 0, 'latin1');
  header.writeUInt32LE(PE_AT.signature, 0x3c);
  header.write('PE\0\0', PE_AT.signature, 'latin1');
  header.writeUInt16LE(0x8664, PE_AT.machine);
  header.writeUInt16LE(all.length, PE_AT.sections);
  header.writeUInt16LE(160, PE_AT.optionalSize);
  header.writeUInt16LE(0x22, PE_AT.characteristics);
  header.writeUInt16LE(0x20b, PE_AT.magic);
  header.writeUInt32LE(PE_PAGE, PE_AT.entry);
  header.writeUInt32LE(PE_PAGE, PE_AT.sectionAlignment);
  header.writeUInt32LE(PE_PAGE, PE_AT.fileAlignment);
  header.writeUInt32LE(PE_PAGE, PE_AT.headersSize);
  header.writeUInt16LE(10, PE_AT.subsystem);
  header.writeUInt32LE(6, PE_AT.directoryCount);
  const parts: Buffer[] = [header];
  let end = PE_PAGE;
  all.forEach(([name, content], index) => {
    const at = PE_AT.sectionTable + 40 * index;
    const padded = Buffer.alloc(Math.ceil(content.length / PE_PAGE) * PE_PAGE);
    padded.set(content);
    header.write(name, at, 8, 'latin1');
    header.writeUInt32LE(content.length, at + 8);
    header.writeUInt32LE(end, at + 12);
    header.writeUInt32LE(padded.length, at + 16);
    header.writeUInt32LE(end, at + 20);
    header.writeUInt32LE(index === 0 ? 0x6000_0020 : 0x4000_0040, at + 36);
    parts.push(padded);
    end += padded.length;
  });
  header.writeUInt32LE(end - 2 * PE_PAGE, PE_AT.dataSize);
  header.writeUInt32LE(end, PE_AT.imageSize);
  return Buffer.concat([...parts, Buffer.alloc(overlay, 0x6f)]);
}

/** Computes the check sum of a program in the way its definition is written: word by word. */
export function sumPe(bytes: Uint8Array, field = PE_AT.checksum): number {
  const padded = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
  padded.writeUInt32LE(0, field);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 2) {
    sum += padded.readUInt16LE(at);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum + bytes.length;
}

/** Computes the Authenticode digest of an unsigned program without gaps, as its definition says. */
export function digestPe(
  bytes: Uint8Array,
  checksum = PE_AT.checksum,
  certificates = PE_AT.certificates,
): Buffer {
  return createHash('sha256')
    .update(bytes.subarray(0, checksum))
    .update(bytes.subarray(checksum + 4, certificates))
    .update(bytes.subarray(certificates + 8))
    .update(Buffer.alloc(-bytes.length & 7))
    .digest();
}

/** Writes a value of DER, with the shortest length. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(content);
  const digits = value.length < 0x80 ? [] : [...Buffer.from(evenHex(value.length), 'hex')];
  const length = digits.length === 0 ? [value.length] : [0x80 | digits.length, ...digits];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

const evenHex = (value: number) => {
  const hex = value.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
};

const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));

/** Writes the SignedData of Authenticode over a digest. Its signer signed nothing. */
export function signedData(digest: Uint8Array, algorithm = '608648016503040201'): Buffer {
  const info = der(0x30, der(0x30, oid(algorithm), der(0x05)), der(0x04, digest));
  const kind = der(0x30, oid('2b06010401823702010f'), der(0x30, der(0x03, Buffer.from([0]))));
  const content = der(0x30, oid('2b060104018237020104'), der(0xa0, der(0x30, kind, info)));
  const signers = der(0x31, der(0x30, der(0x02, Buffer.from([1]))));
  const algorithms = der(0x31, der(0x30, oid(algorithm)));
  const certificates = der(0xa0, Buffer.alloc(303, 0x55));
  const data = der(0x30, der(0x02, Buffer.from([1])), algorithms, content, certificates, signers);
  return der(0x30, oid('2a864886f70d010702'), der(0xa0, data));
}

/** Writes an entry of a certificate table: as sbsign does, which does not count the padding. */
export function certificate(content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(8 + content.length + (-content.length & 7));
  bytes.writeUInt32LE(8 + content.length, 0);
  bytes.writeUInt16LE(0x0200, 4);
  bytes.writeUInt16LE(2, 6);
  bytes.set(content, 8);
  return bytes;
}

/** Puts a table behind a program, as tools that sign do: padding, directory entry, check sum. */
export function attachCertificates(
  program: Uint8Array,
  table: Uint8Array,
  checksum = PE_AT.checksum,
  certificates = PE_AT.certificates,
): Buffer {
  const padded = Buffer.concat([program, Buffer.alloc(-program.length & 7)]);
  padded.writeUInt32LE(padded.length, certificates);
  padded.writeUInt32LE(table.length, certificates + 4);
  const signed = Buffer.concat([padded, table]);
  signed.writeUInt32LE(sumPe(signed, checksum), checksum);
  return signed;
}
