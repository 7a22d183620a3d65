// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
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
import { addSections, authenticodeDigest, openPe, peChecksum } from './index.js';

const base = peProgram({ sections: { '.data': Buffer.alloc(5000, 1) } });
const names = fc.string({ unit: fc.constantFrom(...'.abc_$/0'), minLength: 1, maxLength: 8 });
const added = fc.uniqueArray(
  fc.record({ name: names, bytes: fc.uint8Array({ minLength: 1, maxLength: 10_000 }) }),
  { maxLength: 6, selector: ({ name }) => name },
);
const plan = (all: readonly { readonly name: string; readonly bytes: Uint8Array }[]) =>
  addSections(
    base,
    all.map(({ name, bytes }) => ({ name, content: bytesSource(bytes) })),
  );

describe('addSections', () => {
  it('a program with sections added reads back as it was planned', () => {
    fc.assert(
      fc.property(added, (all) => {
        const planned = plan(all);
        const source = layoutSource(planned.layout);
        const image = openPe(source);
        const bytes = Buffer.from(readBytes(source, 0, source.size));
        expect(image.sections.slice(2).map(({ name }) => name)).toEqual(all.map(({ name }) => name));
        all.forEach(({ name, bytes: content }, index) => {
          const { offset = 0, size = 0, flags } = image.sections[index + 2] ?? {};
          expect(Buffer.compare(bytes.subarray(offset, offset + size), content)).toBe(0);
          expect(flags).toBe(0x4000_0040);
          const sha256 = createHash('sha256').update(content).digest('hex');
          expect(planned.sections[index]).toEqual({ name, offset, size, sha256 });
        });
        expect(planned.checksum).toBe(sumPe(bytes));
        expect(image.checksum).toBe(peChecksum(source, image));
        expect(planned.authenticode).toBe(digestPe(bytes).toString('hex'));
        expect(authenticodeDigest(source, image)).toBe(planned.authenticode);
        expect(source.size % 4096).toBe(0);
        const last = planned.layout.extents.at(-1);
        expect((last?.offset ?? 0) + (last?.source.size ?? 0)).toBe(planned.layout.size);
        expect(bytes.readUInt32LE(PE_AT.dataSize)).toBe(source.size - 8192);
      }),
    );
  });

  it('the same sections give the same bytes, and the program stays as it was', () => {
    const before = Buffer.from(base);
    const all = [{ name: '.one', bytes: Buffer.from('one') }];
    const [first, second] = [plan(all), plan(all)].map(({ layout }) =>
      readBytes(layoutSource(layout), 0, layout.size),
    );
    expect(first).toEqual(second);
    expect(Buffer.compare(base, before)).toBe(0);
  });

  const one = { name: '.one', content: bytesSource(Buffer.from('one')) };
  const huge = { name: '.huge', content: { size: 2 ** 31, readInto: () => expect.unreachable() } };
  it.each<[string, Uint8Array, (typeof one)[], string, RegExp]>([
    ['a section by a name that is taken', base, [{ ...one, name: '.data' }], 'bad-name', /called "\.data"/],
    ['a section by a name of nine', base, [{ ...one, name: '.ninelong' }], 'bad-name', /called/],
    ['two sections by one name', base, [one, one], 'bad-name', /called "\.one"/],
    ['an empty section', base, [{ ...one, content: bytesSource(new Uint8Array()) }], 'unsupported', /empty/],
    ['more than 2 GiB', base, [huge], 'too-large', /2 GiB/],
    [
      'more sections than the headers have room for',
      base,
      Array.from({ length: 96 }, (_, index) => ({ ...one, name: `.${index}` })),
      'too-large',
      /96 sections, and room for 94/,
    ],
    ['a program that something follows', peProgram({ overlay: 8 }), [one], 'unsupported', /whole section/],
    [
      'a signed program',
      attachCertificates(base, certificate(signedData(digestPe(base)))),
      [one],
      'unsupported',
      /whole section/,
    ],
    ['what is no program', Buffer.from('MZ'), [one], 'bad-magic', /not a PE/],
    ['a program with a larger image', larger(), [one], 'unsupported', /larger than its sections/],
  ])('%s cannot be planned', (_, program, sections, code, message) => {
    expect(() => addSections(program, sections)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

/** The program with a page of memory behind its sections. */
function larger(): Buffer {
  const copy = Buffer.from(base);
  copy.writeUInt32LE(copy.readUInt32LE(PE_AT.imageSize) + 4096, PE_AT.imageSize);
  return copy;
}
