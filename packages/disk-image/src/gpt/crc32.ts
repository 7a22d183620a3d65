// SPDX-License-Identifier: Apache-2.0

/** The reversed polynomial of ITU-T V.42, which gzip has as well. */
const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
  return value;
});

/** Computes the CRC-32 that UEFI has its tables checked by (UEFI 2.10, 4.2): what `crc32` of node:zlib does, without Node. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
