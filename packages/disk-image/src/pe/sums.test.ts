// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attachCertificates,
  certificate,
  digestPe,
  PE_AT,
  peProgram,
  signedData,
  sumPe,
} from '../../../../tools/testing/pe.js';
import { layoutSource } from '../layout/layout.js';
import { bytesSource, readBytes } from '../layout/source.js';
import { sumWords } from './checksum.js';
import { authenticodeDigest, openPe, peChecksum, removeSignature } from './index.js';

const contents = fc.uint8Array({ minLength: 1, maxLength: 9000 });
const overlays = fc.nat(20);

describe('the sums of a PE program', () => {
  it('the check sum is what its definition gives, whatever the length', () => {
    fc.assert(
      fc.property(contents, overlays, (content, overlay) => {
        const bytes = peProgram({ sections: { '.data': content }, overlay });
        bytes.writeUInt32LE(0x1234_5678, PE_AT.checksum);
        const source = bytesSource(bytes);
        expect(peChecksum(source, openPe(source))).toBe(sumPe(bytes));
      }),
    );
  });

  it('words are summed alike wherever they lie in memory', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const moved = new Uint8Array(bytes.length + 1);
        moved.set(bytes, 1);
        expect(sumWords(moved.subarray(1))).toBe(sumWords(bytes));
      }),
    );
  });

  it('the Authenticode digest is what its definition gives, and the same before and after signing', () => {
    fc.assert(
      fc.property(
        contents,
        overlays,
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (content, overlay, digest) => {
          const bytes = peProgram({ sections: { '.data': content }, overlay });
          const signed = attachCertificates(bytes, certificate(signedData(digest)));
          const expected = digestPe(bytes).toString('hex');
          for (const source of [bytesSource(bytes), bytesSource(signed)]) {
            expect(authenticodeDigest(source, openPe(source))).toBe(expected);
          }
        },
      ),
    );
  });

  it('removing a signature gives back what was signed, where that had a check sum and a length divisible by 8', () => {
    fc.assert(
      fc.property(contents, (content) => {
        const bytes = peProgram({ sections: { '.data': content } });
        bytes.writeUInt32LE(sumPe(bytes), PE_AT.checksum);
        const table = certificate(signedData(digestPe(bytes)));
        const signed = bytesSource(attachCertificates(bytes, Buffer.concat([table, table])));
        const bare = removeSignature(signed, openPe(signed));
        expect(bare.size).toBe(bytes.length);
        expect(Buffer.compare(readBytes(layoutSource(bare), 0, bare.size), bytes)).toBe(0);
      }),
    );
  });

  it('a program with bytes between its sections has no digest that tools agree on, and is refused one', () => {
    const bytes = Buffer.concat([peProgram({ sections: { '.data': Buffer.from('x') } }), Buffer.alloc(4096)]);
    bytes.writeUInt32LE(3 * 4096, PE_AT.sectionTable + 40 + 20);
    const source = bytesSource(bytes);
    expect(() => authenticodeDigest(source, openPe(source))).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: expect.stringContaining('4096 bytes in front of'),
      }),
    );
  });
});
