// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peProgram, sumPe } from '../../../../tools/testing/pe.js';
import {
  attempt,
  changed,
  isChecksum,
  refused,
  SAMPLE,
  SAMPLE_DIGEST,
  SAMPLE_OPTIONS,
  SAMPLE_PLACES,
  sectionNamed,
  sign,
} from '../testing/uki.js';
import { readUki } from './read.js';

const read = (bytes: Uint8Array) => readUki(bytesSource(bytes));

describe('readUki', () => {
  const everywhere = fc.oneof(fc.nat(4095), fc.nat(SAMPLE.length - 1));

  it('no byte can be another without being noticed, even where the check sum is made to fit', () => {
    const facts = read(SAMPLE);
    fc.assert(
      fc.property(everywhere, fc.nat(255), (at, value) => {
        fc.pre(SAMPLE[at] !== value);
        const copy = Buffer.from(SAMPLE);
        copy[at] = value;
        expect(attempt(() => read(copy))).toBeTypeOf('string');
        if (!isChecksum(at)) expect(attempt(() => read(changed(SAMPLE, at, value)))).not.toEqual(facts);
      }),
      { numRuns: 300 },
    );
  });

  it('a file that is cut or goes on is refused', () => {
    for (const size of [0, 63, 4096, 20_480, SAMPLE.length - 4096, SAMPLE.length - 1]) {
      expect(() => read(SAMPLE.subarray(0, size))).toThrow(refused('bad-uki', /./));
    }
    expect(() => read(Buffer.concat([SAMPLE, Buffer.alloc(8)]))).toThrow(
      refused('bad-uki', /of which its sections/),
    );
  });

  it('another stub is told from ours', () => {
    const { address } = sectionNamed('.data');
    const other = read(changed(SAMPLE, address, 0x2f));
    expect(other).toMatchObject({ stubIsOurs: false, commandLine: SAMPLE_OPTIONS.commandLine });
    expect(other.stubSha256).not.toBe(read(SAMPLE).stubSha256);
  });

  it.each<[string, Uint8Array, string, RegExp]>([
    ['a program', peProgram(), 'bad-uki', /ends with the sections \.text/],
    [
      'something in the padding',
      changed(SAMPLE, sectionNamed('.osrel').offset + 4000, 1),
      'bad-uki',
      /padding of \.osrel/,
    ],
    ['another version in .uname', changed(SAMPLE, sectionNamed('.uname').offset, 0x39), 'bad-uki', /\.uname/],
    ['sections that changed places', swapped(), 'bad-uki', /ends with the sections/],
    [
      'a kernel that is none',
      changed(SAMPLE, sectionNamed('.linux').offset + 0x202, 1),
      'kernel-not-bzimage',
      /expected a bzImage/,
    ],
    [
      'an initramfs that is none',
      changed(SAMPLE, sectionNamed('.initrd').offset, 1),
      'unfit-initrd',
      /found/,
    ],
    [
      'a NUL in the command line',
      changed(SAMPLE, sectionNamed('.cmdline').offset, 0),
      'bad-uki',
      /\.cmdline: .*0000/,
    ],
    [
      'no UTF-8 in .osrel',
      changed(SAMPLE, sectionNamed('.osrel').offset, 0xff),
      'bad-uki',
      /no UTF-8 in \.osrel/,
    ],
  ])('%s is refused', (_, bytes, code, message) => {
    expect(() => read(bytes)).toThrow(refused(code, message));
  });

  it('a signed one is read with the same facts, but for size, check sum and signatures', () => {
    const plain = read(SAMPLE);
    const signed = sign(SAMPLE, SAMPLE_DIGEST);
    expect(read(signed)).toEqual({
      ...plain,
      size: signed.length,
      checksum: signed.readUInt32LE(SAMPLE_PLACES.checksum),
      signatures: 1,
    });
    const sum = Buffer.from(signed);
    sum.writeUInt32LE(1, SAMPLE_PLACES.checksum);
    expect(() => read(sum)).toThrow(refused('bad-uki', /wrong check sum/));
  });
});

/** The image with the names of two sections exchanged. */
function swapped(): Buffer {
  const copy = Buffer.from(SAMPLE);
  const at = SAMPLE_PLACES.sectionTable + 3 * 40;
  copy.write('.cmdline', at, 'latin1');
  copy.write('.osrel\0\0', at + 40, 'latin1');
  copy.writeUInt32LE(sumPe(copy, SAMPLE_PLACES.checksum), SAMPLE_PLACES.checksum);
  return copy;
}
