// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sbomInputs } from '../../test/arbitrary.js';
import { buildSbom } from '../build/build.js';
import type { SbomInput } from '../build/input.js';
import type { SpdxDocument } from '../spdx/document.js';
import { checkSbom } from './check.js';

type Mutable<T> = T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;
type Draft = Mutable<SpdxDocument>;

/** Single changes of a good document: what they break, and which clause has to say so. */
const mutations: readonly [clause: string, what: string, change: (draft: Draft) => void][] = [
  ['6.2', 'data licence', (draft) => Object.assign(draft, { dataLicense: 'MIT' })],
  ['6.3', 'document identifier', (draft) => Object.assign(draft, { SPDXID: 'SPDXRef-document' })],
  ['6.5', 'no namespace', (draft) => Reflect.deleteProperty(draft, 'documentNamespace')],
  [
    '6.5',
    'fragment in the namespace',
    (draft) => Object.assign(draft, { documentNamespace: `${draft.documentNamespace}#a` }),
  ],
  ['6.8', 'creator', (draft) => draft.creationInfo.creators.push('nobody')],
  [
    '6.9',
    'time',
    (draft) =>
      Object.assign(draft.creationInfo, { created: draft.creationInfo.created.replace('Z', '+00:00') }),
  ],
  ['7.2', 'doubled package', (draft) => draft.packages?.push(...draft.packages.slice(0, 1))],
  [
    '7.9',
    'one digit of a verification code',
    (draft) => {
      for (const { packageVerificationCode: code } of draft.packages ?? []) {
        if (code) code.packageVerificationCodeValue = flipDigit(code.packageVerificationCodeValue);
      }
    },
  ],
  [
    '7.9',
    'no verification code',
    (draft) => {
      for (const item of draft.packages ?? []) Reflect.deleteProperty(item, 'packageVerificationCode');
    },
  ],
  [
    '7.14',
    'licences of files that were not analyzed',
    (draft) => {
      draft.packages?.push({
        name: 'a',
        SPDXID: 'SPDXRef-unanalyzed',
        downloadLocation: 'NONE',
        filesAnalyzed: false,
        licenseInfoFromFiles: ['MIT'],
      });
    },
  ],
  [
    '7.9',
    'one digit of the SHA1 of a file',
    (draft) => {
      const [checksum] = draft.files?.[0]?.checksums ?? [];
      if (checksum) checksum.checksumValue = flipDigit(checksum.checksumValue);
    },
  ],
  ['8.1', 'absolute name', (draft) => Object.assign(draft.files?.[0] ?? {}, { fileName: '/absolute' })],
  ['8.4', 'no SHA1', (draft) => draft.files?.[0]?.checksums.shift()],
  ['11.1', 'no DESCRIBES', (draft) => draft.relationships?.shift()],
  [
    '11.1',
    'dangling relationship',
    (draft) => Object.assign(draft.relationships?.[0] ?? {}, { relatedSpdxElement: 'SPDXRef-not-there' }),
  ],
];

const flipDigit = (hex: string) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
const withFile = sbomInputs.filter((input: SbomInput) =>
  input.packages.some(({ files = [] }) => files.length > 0),
);

it.each(mutations)('a document changed against clause %s is refused: %s', (clause, _, change) => {
  fc.assert(
    fc.property(withFile, (input) => {
      const draft = structuredClone(buildSbom(input)) as Draft;
      change(draft);
      const check = checkSbom(JSON.stringify(draft));
      expect(check.valid).toBe(false);
      expect(check.findings.map((finding) => finding.clause)).toContain(clause);
    }),
    { numRuns: 15 },
  );
});

it('checkSbom never throws, whatever is in the document', () => {
  const keys = fc.constantFrom(
    'packages',
    'files',
    'relationships',
    'snippets',
    'checksums',
    'SPDXID',
    'creationInfo',
    '__proto__',
    'constructor',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false, 0, '', 'SPDXRef-DOCUMENT', 'CONTAINS'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(value, (any) => {
      expect(checkSbom(JSON.stringify(any)).valid).toBe(false);
    }),
    { numRuns: 300 },
  );
});
