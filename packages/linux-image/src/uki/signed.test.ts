// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attachCertificates,
  certificate,
  digestPe,
  peProgram,
  signedData,
} from '../../../../tools/testing/pe.js';
import {
  attach,
  attempt,
  changed,
  isChecksum,
  refused,
  SAMPLE,
  SAMPLE_DIGEST,
  SAMPLE_PLACES,
  sectionNamed,
  sign,
} from '../testing/uki.js';
import { checkSignedUki } from './signed.js';

describe('checkSignedUki', () => {
  const authenticode = SAMPLE_DIGEST;
  const check = (signed: Uint8Array, plain: Uint8Array = SAMPLE) =>
    checkSignedUki(bytesSource(plain), bytesSource(signed));
  const signed = sign(SAMPLE, authenticode);

  it('one signature is accepted, and several', () => {
    expect(check(signed)).toEqual({ signatures: 1, authenticode });
    expect(check(sign(SAMPLE, authenticode, authenticode))).toEqual({ signatures: 2, authenticode });
  });

  it('a program of any length is accepted with the zeros that signing adds', () => {
    for (let overlay = 0; overlay < 8; overlay++) {
      const plain = peProgram({ overlay });
      const padded = Buffer.concat([plain, Buffer.alloc(-overlay & 7)]);
      const table = certificate(signedData(digestPe(plain)));
      expect(check(attachCertificates(plain, table), plain).signatures).toBe(1);
      if (overlay > 0) {
        padded[padded.length - 1] = 1;
        expect(() => check(attachCertificates(padded, table), plain)).toThrow(
          refused('signed-differs', /zeros/),
        );
      }
    }
  });

  it('no byte of the content can be another, wherever it lies', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(4095), fc.nat(SAMPLE.length - 1)), fc.nat(255), (at, value) => {
        fc.pre(signed[at] !== value);
        expect(attempt(() => check(changed(signed, at, value)))).toSatisfy(
          (result) => typeof result === 'string' || isChecksum(at),
        );
      }),
      { numRuns: 300 },
    );
  });

  const entry = SAMPLE.length;
  const second = Buffer.concat([signed.subarray(entry), Buffer.alloc(8)]);
  it.each<[string, Uint8Array, string, RegExp]>([
    ['an unsigned file', SAMPLE, 'not-signed', /carries no signature/],
    [
      'another kernel',
      changed(signed, sectionNamed('.linux').offset + 3000, 1),
      'signed-differs',
      /in section \.linux/,
    ],
    ['another header', changed(signed, 4000, 1), 'signed-differs', /at byte 4000, in its headers/],
    ['a signature over another file', sign(SAMPLE, '00'.repeat(32)), 'bad-signature', /signature 1 is over/],
    [
      'a second signature over another file',
      sign(SAMPLE, authenticode, '00'.repeat(32)),
      'bad-signature',
      /signature 2/,
    ],
    ['another revision', changed(signed, entry + 4, 1), 'bad-signature', /revision/],
    ['something in the padding', changed(signed, signed.length - 1, 1), 'bad-signature', /padding/],
    ['room behind the signature', attach(SAMPLE, second), 'bad-signature', /0 bytes/],
    ['something behind the table', Buffer.concat([signed, Buffer.alloc(8)]), 'bad-signature', /follows/],
    [
      'a program longer by a page',
      sign(Buffer.concat([SAMPLE, Buffer.alloc(4096)]), authenticode),
      'signed-differs',
      /certificates at/,
    ],
    ['a text', Buffer.from('text'), 'bad-signature', /not a PE program/],
    ['an empty file', new Uint8Array(), 'bad-signature', /not a PE program/],
  ])('%s is refused', (_, bytes, code, message) => {
    expect(() => check(bytes)).toThrow(refused(code, message));
  });

  it('a wrong check sum is refused', () => {
    const copy = Buffer.from(signed);
    copy.writeUInt32LE(1, SAMPLE_PLACES.checksum);
    expect(() => check(copy)).toThrow(refused('bad-signature', /check sum/));
  });

  it('a signed file in the place of the unsigned one is refused', () => {
    expect(() => check(signed, signed)).toThrow(refused('bad-uki', /unsigned file carries/));
    expect(() => check(signed, Buffer.from('text'))).toThrow(refused('bad-uki', /unsigned file: not a PE/));
  });
});
