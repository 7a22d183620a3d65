// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attachCertificates,
  certificate,
  digestPe,
  PE_AT,
  PE_PAGE,
  peProgram,
  signedData,
} from '../../../../tools/testing/pe.js';
import { bytesSource, sliceSource } from '../layout/source.js';
import { patched, tolerate } from '../testing/damage.js';
import { authenticodeDigest, openPe, peChecksum, readCertificates, removeSignature } from './index.js';

const program = peProgram({ sections: { '.data': Buffer.alloc(5000, 1), '.more': Buffer.from('more') } });
const signed = attachCertificates(program, certificate(signedData(digestPe(program))));

/** Returns a copy with 32-bit numbers written into it, `[offset, value]` each. */
function withNumbers(bytes: Uint8Array, ...numbers: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [at, value] of numbers) copy.writeUInt32LE(value >>> 0, at);
  return copy;
}
const open = (bytes: Uint8Array) => openPe(bytesSource(bytes));

/** The program with four data directories, so that none is for certificates. */
function fewDirectories(): Buffer {
  const copy = Buffer.from(program);
  copy.copy(copy, PE_AT.sectionTable - 16, PE_AT.sectionTable, PE_AT.sectionTable + 120);
  copy.writeUInt32LE(4, PE_AT.directoryCount);
  copy.writeUInt16LE(144, PE_AT.optionalSize);
  return copy;
}
const header = (index: number, field: number) => PE_AT.sectionTable + 40 * index + field;

describe('openPe', () => {
  it('a program is read with its sections, and what a section is padded with is told from its content', () => {
    expect(open(program)).toMatchObject({
      architecture: 'x86_64',
      subsystem: 10,
      entryPoint: PE_PAGE,
      headersSize: PE_PAGE,
      imageSize: 5 * PE_PAGE,
      certificates: undefined,
      places: { checksum: PE_AT.checksum, certificateEntry: PE_AT.certificates },
      sections: [
        { name: '.text', offset: 4096, size: 1, rawSize: 4096, address: 4096, flags: 0x6000_0020 },
        { name: '.data', offset: 8192, size: 5000, rawSize: 8192, address: 8192, virtualSize: 5000 },
        { name: '.more', offset: 16384, size: 4, rawSize: 4096 },
      ],
    });
    expect(open(signed).certificates).toEqual({
      offset: program.length,
      size: signed.length - program.length,
    });
  });

  it.each<[string, Uint8Array, string, RegExp]>([
    ['an empty file', new Uint8Array(), 'bad-magic', /not a PE program/],
    ['a text', Buffer.alloc(200, 'MZ'), 'bad-magic', /no PE header/],
    ['a program for another machine', withNumbers(program, [0x44, 0x3aa64]), 'unsupported', /aarch64/],
    ['a program of 32 bits', withNumbers(program, [PE_AT.magic, 0x10b]), 'unsupported', /32 bits/],
    ['a header of another kind', withNumbers(program, [PE_AT.magic, 0x107]), 'corrupt', /kind 0x107/],
    [
      'more directories than there is room for',
      withNumbers(program, [PE_AT.directoryCount, 7]),
      'corrupt',
      /7 dir/,
    ],
    ['no room for certificates', fewDirectories(), 'corrupt', /no room for a certificate table/],
    ['what is not executable', withNumbers(program, [PE_AT.optionalSize, 160]), 'corrupt', /not marked/],
    ['no sections', withNumbers(program, [PE_AT.machine, 0x8664]), 'corrupt', /0 sections/],
    ['an alignment of 3', withNumbers(program, [PE_AT.fileAlignment, 3]), 'corrupt', /aligned to .* 3 in/],
    ['an alignment of 0', withNumbers(program, [PE_AT.sectionAlignment, 0]), 'corrupt', /aligned to 0/],
    ['headers that end early', withNumbers(program, [PE_AT.headersSize, 300]), 'corrupt', /headers of 300/],
    [
      'headers past the end',
      withNumbers(program, [PE_AT.headersSize, 1 << 20]),
      'corrupt',
      /headers of 1048576/,
    ],
    ['a name with a blank', withNumbers(program, [header(1, 0), 0x20202020]), 'corrupt', /name of section 2/],
    ['a name that goes on', withNumbers(program, [header(1, 4), 0x61_00_61]), 'corrupt', /name of section 2/],
    [
      'an image that is not aligned',
      withNumbers(program, [PE_AT.imageSize, 20_481]),
      'corrupt',
      /not aligned/,
    ],
    [
      'an image that ends early',
      withNumbers(program, [PE_AT.imageSize, 16_384]),
      'corrupt',
      /the image at 16384/,
    ],
    ['a section without memory', withNumbers(program, [header(1, 8), 0]), 'corrupt', /takes no memory/],
    [
      'a section at an odd address',
      withNumbers(program, [header(1, 12), 8193]),
      'corrupt',
      /not aligned to 4096/,
    ],
    [
      'sections over each other in memory',
      withNumbers(program, [header(2, 12), 8192]),
      'corrupt',
      /address 8192/,
    ],
    [
      'a section over the headers in memory',
      withNumbers(program, [header(0, 12), 0]),
      'corrupt',
      /address 0/,
    ],
    [
      'sections over each other in the file',
      withNumbers(program, [header(2, 20), 8192]),
      'corrupt',
      /begins before/,
    ],
    ['a section over the headers', withNumbers(program, [header(0, 20), 64]), 'corrupt', /begins before/],
    [
      'a section past the end',
      withNumbers(program, [header(2, 16), 1 << 20]),
      'truncated',
      /section ".more"/,
    ],
    ['an entry in data', withNumbers(program, [PE_AT.entry, 8192]), 'corrupt', /does not lie in code/],
    ['an entry in the headers', withNumbers(program, [PE_AT.entry, 0]), 'corrupt', /does not lie in code/],
    ['certificates without a size', withNumbers(program, [PE_AT.certificates, 4096]), 'corrupt', /no size/],
    [
      'certificates at an odd place',
      withNumbers(
        signed,
        [PE_AT.certificates, program.length + 4],
        [PE_AT.certificates + 4, signed.length - program.length - 4],
      ),
      'corrupt',
      /not aligned/,
    ],
    [
      'certificates in a section',
      withNumbers(signed, [PE_AT.certificates, 4096], [PE_AT.certificates + 4, signed.length - 4096]),
      'corrupt',
      /lies in a section/,
    ],
    [
      'something behind the certificates',
      Buffer.concat([signed, Buffer.alloc(8)]),
      'corrupt',
      /follows its cert/,
    ],
    ['certificates past the end', signed.subarray(0, -8), 'truncated', /certificate table ends/],
  ])('%s is refused', (_, bytes, code, message) => {
    expect(() => open(bytes)).toThrow(
      expect.objectContaining({ name: 'ImageError', code, message: expect.stringMatching(message) }),
    );
  });

  it('a program is refused wherever it is cut', () => {
    fc.assert(
      fc.property(fc.nat(signed.length - 1), (size) => {
        expect(tolerate(() => openPe(sliceSource(bytesSource(signed), 0, size)))).toBeDefined();
      }),
    );
  });

  it('a damaged program is read or refused, whatever bytes change', () => {
    const place = fc.oneof(
      fc.nat(PE_AT.sectionTable + 120),
      fc.integer({ min: program.length, max: signed.length - 1 }),
    );
    const changes = fc.array(
      fc.tuple(place, fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff))),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(changes, (patches) => {
        const damaged = patched(bytesSource(signed), patches);
        tolerate(() => {
          const image = openPe(damaged);
          peChecksum(damaged, image);
          removeSignature(damaged, image);
          readCertificates(damaged, image);
          authenticodeDigest(damaged, image);
        });
      }),
      { numRuns: 1000 },
    );
  });
});
