// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachCertificates, certificate, der, peProgram, signedData } from '../../../../tools/testing/pe.js';
import { bytesSource } from '../layout/source.js';
import { tolerate } from '../testing/damage.js';
import { openPe, readCertificates, readSignedDigest } from './index.js';

const digests = fc.uint8Array({ minLength: 32, maxLength: 32 });
const digest = Buffer.alloc(32, 7);
const sound = certificate(signedData(digest));

function read(table: Uint8Array) {
  const source = bytesSource(attachCertificates(peProgram(), table));
  return readCertificates(source, openPe(source));
}

/** Returns a copy of the sound entry with some bytes replaced. */
function changed(...changes: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(sound);
  for (const [at, value] of changes) copy[at] = value;
  return copy;
}

describe('certificates', () => {
  it('every signature of a table is read, with the digest that it is over', () => {
    fc.assert(
      fc.property(fc.array(digests, { minLength: 1, maxLength: 4 }), (all) => {
        const found = read(Buffer.concat(all.map((each) => certificate(signedData(each)))));
        expect(found.map(({ der }) => readSignedDigest(der))).toEqual(
          all.map((each) => Buffer.from(each).toString('hex')),
        );
      }),
    );
  });

  it('a length that counts the padding is taken as one that does not', () => {
    const counted = Buffer.from(sound);
    counted.writeUInt32LE(counted.length, 0);
    expect(counted.length).toBeGreaterThan(sound.readUInt32LE(0));
    expect(read(counted)).toEqual(read(sound));
  });

  it('a program without certificates has none', () => {
    const source = bytesSource(peProgram());
    expect(readCertificates(source, openPe(source))).toEqual([]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['another revision', changed([4, 1]), /revision 0x201/],
    ['another type', changed([6, 1]), /type 1/],
    ['no length', changed([0, 0], [1, 0]), /it has 0 bytes/],
    ['a length past the end', changed([2, 1]), /are left/],
    ['something in the padding', changed([sound.length - 1, 1]), /not padding/],
    ['zeros that make another entry', Buffer.concat([sound, Buffer.alloc(8)]), /it has 0 bytes/],
    ['the start of another entry', Buffer.concat([sound, Buffer.alloc(4)]), /4 bytes are left/],
    ['what is no DER', changed([8, 0x31]), /no DER sequence/],
    ['a length of no end', changed([9, 0x80]), /no DER sequence/],
    ['a longer entry than its content', enlarged(), /not padding/],
  ])('%s in the table is refused', (_, table, message) => {
    expect(() => read(table)).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringMatching(message) }),
    );
  });

  it('a table above a mebibyte is not read', () => {
    expect(() => read(Buffer.alloc((1 << 20) + 8))).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});

/** The sound entry, eight zeros longer than it has to be. */
function enlarged(): Buffer {
  const bytes = Buffer.concat([sound, Buffer.alloc(8)]);
  bytes.writeUInt32LE(bytes.length, 0);
  return bytes;
}

describe('readSignedDigest', () => {
  it('a signature is refused wherever it is cut, and whatever is added', () => {
    const bytes = signedData(digest);
    for (let size = 0; size < bytes.length; size++) {
      expect(() => readSignedDigest(bytes.subarray(0, size))).toThrow(
        expect.objectContaining({ code: 'corrupt' }),
      );
    }
    expect(() => readSignedDigest(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(/left over/);
  });

  it('a damaged signature is read or refused, whatever bytes change', () => {
    const bytes = signedData(digest);
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(changes, (all) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of all) copy[at] = value;
        const found = { digest: '' };
        if (tolerate(() => (found.digest = readSignedDigest(copy)))) return;
        expect(found.digest).toMatch(/^[0-9a-f]{64}$/);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Uint8Array, string, RegExp]>([
    ['a digest of SHA-1', signedData(Buffer.alloc(20), '2b0e03021a'), 'unsupported', /expected SHA-256/],
    ['a SHA-256 of 20 bytes', signedData(Buffer.alloc(20)), 'corrupt', /SHA-256 of 20 bytes/],
    [
      'another kind of content',
      der(0x30, der(0x06, Buffer.from([42]))),
      'corrupt',
      /type of its content is 2a/,
    ],
    ['a length in too many bytes', Buffer.from([0x30, 0x81, 0x01, 0x00]), 'corrupt', /too many bytes/],
    ['a length without an end', Buffer.from([0x30, 0x80, 0x00, 0x00]), 'corrupt', /no sound length/],
    ['a signature by nobody', nobody(), 'corrupt', /nobody signed/],
  ])('%s is refused', (_, bytes, code, message) => {
    expect(() => readSignedDigest(bytes)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

/** A signature of which the set of signers is empty: its last value, seven bytes long. */
function nobody(): Buffer {
  const bytes = signedData(digest);
  const inner = (at: number, size: number) => bytes.subarray(at, at + size);
  // ContentInfo and [0] have four bytes of tag and length each, and between them the type, of eleven.
  const data = inner(4 + 11 + 4 + 4, bytes.length - 4 - 11 - 4 - 4 - 7);
  const oid = inner(4, 11);
  return der(0x30, oid, der(0xa0, der(0x30, data, der(0x31))));
}
