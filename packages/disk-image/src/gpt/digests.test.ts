// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { crc32 as crc32OfZlib } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from './crc32.js';
import { sha1 } from './sha1.js';

it('the checksum of a table is the one that zlib computes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => crc32(bytes) === crc32OfZlib(bytes)));
});

it('SHA-1 is the one of OpenSSL, around the ends of blocks above all', () => {
  const lengths = fc.oneof(fc.constantFrom(0, 54, 55, 56, 63, 64, 65, 119, 120, 128), fc.nat(300));
  fc.assert(
    fc.property(lengths, fc.nat(255), (length, seed) => {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + seed) & 0xff);
      expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(createHash('sha1').update(bytes).digest('hex'));
    }),
  );
});
