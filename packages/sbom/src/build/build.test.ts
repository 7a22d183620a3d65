// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sbomInputs } from '../../test/arbitrary.js';
import { checkSbom } from '../check/check.js';
import { SbomError } from '../error.js';
import { buildSbom } from './build.js';
import { formatSbom } from './format.js';
import type { SbomFile, SbomInput } from './input.js';

const file: SbomFile = {
  id: 'kernel',
  name: './kernel.elf',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  size: 3,
  types: ['BINARY'],
};
const input: SbomInput = {
  name: 'seed 1',
  created: '1970-01-01T00:00:00Z',
  tool: { name: 'a-tool', version: '1.0' },
  describes: ['seed'],
  packages: [{ id: 'seed', name: 'seed', files: [file] }],
};

describe('buildSbom', () => {
  it('the document has what the clauses ask for', () => {
    const document = buildSbom(input);
    expect(document).toMatchObject({
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: 'SPDXRef-DOCUMENT',
      creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: a-tool-1.0'] },
      packages: [
        {
          filesAnalyzed: true,
          // printf a9993e… | sha1sum
          packageVerificationCode: {
            packageVerificationCodeValue: '9ef2bdeea2b1bae79b9ddb930427d0b2c880bdac',
          },
        },
      ],
      files: [{ fileName: './kernel.elf', comment: '3 bytes' }],
      relationships: [
        {
          spdxElementId: 'SPDXRef-DOCUMENT',
          relationshipType: 'DESCRIBES',
          relatedSpdxElement: 'SPDXRef-seed',
        },
        { spdxElementId: 'SPDXRef-seed', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-kernel' },
      ],
    });
    expect(document.documentNamespace).toMatch(
      /^https:\/\/spdx\.org\/spdxdocs\/seed-1-[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('documents check clean and read back, the same every time', () => {
    fc.assert(
      fc.property(sbomInputs, (some) => {
        const document = buildSbom(some);
        const text = formatSbom(document);
        expect(checkSbom(text)).toEqual({ valid: true, findings: [], omitted: 0, document });
        expect(formatSbom(buildSbom(structuredClone(some)))).toBe(text);
        expect(text.endsWith('}\n')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('another content gets another namespace', () => {
    const other = buildSbom({
      ...input,
      packages: [{ id: 'seed', name: 'seed', files: [{ ...file, size: 4 }] }],
    });
    expect(other.documentNamespace).not.toBe(buildSbom(input).documentNamespace);
  });

  it.each<[string, string, Partial<SbomInput>]>([
    ['a time with a fraction', '6.9', { created: '1970-01-01T00:00:00.000Z' }],
    ['an identifier with an underscore', '7.2', { packages: [{ id: 'boot_seed', name: 'seed' }] }],
    ['a doubled identifier', '8.2', { packages: [{ id: 'kernel', name: 'seed', files: [file] }] }],
    [
      'an absolute file name',
      '8.1',
      { packages: [{ id: 'seed', name: 'seed', files: [{ ...file, name: '/k' }] }] },
    ],
    ['a purl of no type', '7.21', { packages: [{ id: 'seed', name: 'seed', purl: 'pkg:seed' }] }],
    [
      'an upper-case digest',
      '8.4',
      { packages: [{ id: 'seed', name: 's', files: [{ ...file, sha256: file.sha256.toUpperCase() }] }] },
    ],
    ['a description of nothing', '11.1', { describes: ['nothing'] }],
  ])('buildSbom refuses %s', (_, clause, change) => {
    const build = () =>
      buildSbom({ ...input, describes: change.packages?.map(({ id }) => id) ?? input.describes, ...change });
    expect(build).toThrow(SbomError);
    expect(build).toThrow(`clause ${clause}:`);
  });
});
