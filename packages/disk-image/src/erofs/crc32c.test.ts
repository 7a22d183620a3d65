// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.js';

describe('crc32c', () => {
  // RFC 3720, B.4, whose values are inverted at the end.
  it.each([
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    [Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
    [Buffer.from('123456789'), 0xe3069283],
  ])('the checksum of %j is the one of the standard, not inverted', (bytes, inverted) => {
    expect(crc32c(bytes)).toBe(~inverted >>> 0);
  });
});
