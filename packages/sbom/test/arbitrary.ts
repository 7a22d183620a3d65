// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { SbomFile, SbomInput, SbomPackage } from '../src/index.js';
import { FILE_TYPES, PACKAGE_PURPOSES } from '../src/spdx/vocabulary.js';

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const letters = (characters: string, maxLength = 12) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength });
const id = letters('abcXYZ019.-');
const licence = fc.constantFrom(
  'Apache-2.0',
  'MIT OR BSD-2-Clause',
  'GPL-2.0-only WITH Linux-syscall-note',
  'NONE',
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** Leaves members that are undefined out, as a caller would. */
const dense = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

const file = (ids: string): fc.Arbitrary<SbomFile> =>
  fc
    .record({
      name: fc
        .array(letters('ab c_é+~,'), { minLength: 1, maxLength: 3 })
        .map((parts) => `./${parts.join('/')}`),
      content: fc.string(),
      types: fc.subarray([...FILE_TYPES]),
      licence: optional(licence),
      copyright: optional(fc.string()),
      comment: optional(fc.string()),
    })
    .map(({ content, ...rest }) =>
      dense({
        ...rest,
        id: ids,
        size: Buffer.byteLength(content),
        sha1: digest('sha1', content),
        sha256: digest('sha256', content),
      } as SbomFile),
    );

const sbomPackage = (packageId: string, fileIds: readonly string[] | undefined): fc.Arbitrary<SbomPackage> =>
  fc
    .record({
      id: fc.constant(packageId),
      name: fc.string({ minLength: 1 }),
      version: optional(fc.string()),
      purpose: optional(fc.constantFrom(...PACKAGE_PURPOSES)),
      supplier: optional(fc.constantFrom('Organization: Somebody', 'NOASSERTION')),
      declaredLicence: optional(licence),
      downloadLocation: optional(fc.constantFrom('https://example.org/a', 'NONE')),
      purl: optional(
        fc.constantFrom('pkg:generic/a@1', 'pkg:deb/debian/grub-common@2.06-13%2Bdeb12u1?arch=amd64'),
      ),
      sha256: optional(fc.string().map((text) => digest('sha256', text))),
      files: fileIds === undefined ? fc.constant(undefined) : fc.tuple(...fileIds.map(file)),
      excludedFiles: optional(fc.constant(['./self.spdx.json'])),
      comment: optional(fc.string()),
    })
    .map((item) => dense(item as SbomPackage));

/** Inputs of every shape that a document can be built from. */
export const sbomInputs: fc.Arbitrary<SbomInput> = fc
  .uniqueArray(id, { minLength: 1, maxLength: 12, selector: (text) => text })
  .filter((ids) => !ids.includes('DOCUMENT'))
  .chain((ids) => {
    const packageIds = ids.slice(0, Math.max(1, Math.floor(ids.length / 4)));
    const fileIds = ids.slice(packageIds.length);
    const [first = 'first', ...others] = packageIds;
    return fc
      .record({
        name: fc.string({ minLength: 1 }),
        created: fc.constantFrom('1970-01-01T00:00:00Z', '2026-02-28T23:59:59Z'),
        tool: fc.constant({ name: 'property-test', version: '1' }),
        comment: optional(fc.string()),
        describes: fc.constant([first]),
        packages: fc.tuple(
          sbomPackage(first, fileIds),
          ...others.map((other) => sbomPackage(other, undefined)),
        ),
        relationships: fc.array(
          fc.record({
            from: fc.constantFrom(...ids),
            type: fc.constantFrom('GENERATED_FROM', 'DEPENDS_ON', 'OTHER'),
            to: fc.constantFrom(...ids),
          }),
          { maxLength: 3 },
        ),
      })
      .map((input) => dense(input as SbomInput));
  });
