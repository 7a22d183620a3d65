// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import releaseToml from '../../../installer/manifests/latticra-os-image-release.toml';
import previewToml from '../../../installer/manifests/seabios-grub-boot-preview.toml';
import { parseMatrix } from '../../../packages/boot-cases/src/index.js';
import { MATRIX } from '../../../packages/boot-cases/test/record.js';
import { bootPreviewFixture, releaseFixture } from '../../../packages/manifest/src/index.js';
import {
  buildSbom,
  checkSbom,
  formatSbom,
  type SpdxDocument,
  sbomLists,
} from '../../../packages/sbom/src/index.js';
import { parseExpression } from '../../../packages/sbom/src/spdx/expression.js';
import { readPurl } from '../../../packages/sbom/src/spdx/purl.js';
import { sbomInputs } from '../../../packages/sbom/test/arbitrary.js';
import {
  formatHashList,
  formatManifest,
  parseHashList,
  parseManifest,
} from '../../../packages/seal-integrity/src/index.js';
import { compilePattern } from '../../../packages/seal-integrity/src/pattern.js';
import { MANIFEST } from '../../../packages/seal-integrity/test/manifest.js';
import { type FuzzTarget, hold } from '../engine/target.js';
import { bytesOf, isSame } from './bytes.js';

const TOML = [
  '"""',
  "'''",
  '[[',
  ']]',
  '{',
  '}',
  'a.b.c = 1\n',
  '[a.b]\n',
  '1979-05-27T07:32:00Z',
  '0x',
  'inf',
  '\\u0000',
  '#',
  '__proto__',
];

const fixture = (
  name: string,
  { check }: typeof releaseFixture | typeof bootPreviewFixture,
  text: string,
): FuzzTarget => ({
  name,
  seeds: () => [bytesOf(text)],
  words: TOML,
  run({ bytes }) {
    check('fixture.toml', { bytes, sha256: createHash('sha256').update(bytes).digest('hex') });
  },
});

const REFERENCES = [
  ['PACKAGE-MANAGER', 'purl', 'pkg:deb/debian/grub-common@2.06?arch=amd64'],
  ['SECURITY', 'cpe23Type', 'cpe:2.3:a:gnu:grub2:2.06:*:*:*:*:*:*:*'],
  ['SECURITY', 'cpe22Type', 'cpe:/a:gnu:grub2:2.06'],
].map(([referenceCategory, referenceType, referenceLocator]) => ({
  referenceCategory,
  referenceType,
  referenceLocator,
}));

/** Returns a document whose packages have references of every kind. */
const referring = (document: SpdxDocument): SpdxDocument =>
  ({
    ...document,
    packages: document.packages?.map((item) => ({ ...item, externalRefs: REFERENCES })),
  }) as SpdxDocument;

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** Readers of what people and other tools write: TOML, JSON, lists. */
export const manifestTargets: readonly FuzzTarget[] = [
  fixture('releaseFixture', releaseFixture, releaseToml),
  fixture('bootPreviewFixture', bootPreviewFixture, previewToml),
  {
    name: 'bootMatrix',
    seeds: () => [bytesOf(MATRIX)],
    words: [...TOML, '[images.x]\n', '[machines.x]\n', 'lines = []\n', 'exit_code = 0\n'],
    run({ text }) {
      const { machines, images } = parseMatrix(text, '/images');
      hold(machines.length > 0 && images.length > 0, 'a matrix of nothing is accepted');
    },
  },
  {
    name: 'sealManifest',
    seeds: () => [bytesOf(formatManifest(MANIFEST))],
    words: [...TOML, '[policy]\n', '["a", "b"]'],
    run({ bytes }) {
      const manifest = parseManifest(bytes);
      const again = parseManifest(Buffer.from(formatManifest(manifest)));
      hold(isDeepStrictEqual(again, manifest), 'a manifest that was read is written otherwise');
    },
  },
  {
    name: 'sealPattern',
    seeds: () => MANIFEST.exclude.map(bytesOf),
    words: ['*', '/', '../', '\\'],
    run({ text }) {
      const matches = compilePattern(text);
      matches({ path: `a/${text}`, name: text, isFolder: true });
    },
  },
  {
    name: 'hashList',
    seeds: () => [bytesOf(`${hash('a')}  a b\n${hash('b')}  b/c\n`), bytesOf(`${hash('c')}  ü\n`)],
    words: ['../', './', '//', '\\', '\u202e', '\n'],
    run({ bytes }) {
      const entries = parseHashList(bytes);
      hold(
        isSame(Buffer.concat([...formatHashList(entries)]), bytes),
        'a hash list that was read is written otherwise',
      );
    },
  },
  {
    name: 'sbom',
    seeds: () =>
      fc
        .sample(sbomInputs, { seed: 2, numRuns: 6 })
        .map((input) => bytesOf(formatSbom(referring(buildSbom(input))))),
    words: [
      '"packages":',
      '"files":',
      '"snippets":',
      '"relationships":',
      '"annotations":',
      'null',
      '[',
      '{',
      '"__proto__":',
      '1e999',
      '"\\u0000"',
      '\\ud800',
      'NOASSERTION',
      ' WITH ',
      ' AND ',
      '(',
      '"packageVerificationCode":{}',
      '"checksums":[{}]',
      '"hasFiles":[1]',
    ],
    run({ bytes }) {
      const { valid, findings, document } = checkSbom(bytes);
      hold(valid || findings.some(({ level }) => level === 'error'), 'an SBOM is refused without a reason');
      checkSbom(bytes, { digestsOf: () => ({ SHA256: 'a'.repeat(64), SHA1: 'b'.repeat(40) }) });
      if (document !== undefined) sbomLists(document, 'a'.repeat(64));
    },
  },
  {
    name: 'licenceExpression',
    seeds: () =>
      [
        '(MIT OR Apache-2.0) AND GPL-2.0-only WITH Linux-syscall-note',
        'LicenseRef-a+',
        'DocumentRef-x:LicenseRef-y',
      ].map(bytesOf),
    words: ['(', ')', ' AND ', ' OR ', ' WITH ', '+', 'NONE'],
    run: ({ text }) => parseExpression(text),
  },
  {
    name: 'purl',
    seeds: () => ['pkg:npm/%40a/b@1.2?c=d&e=f#g/h', 'pkg:deb/debian/curl@7.50.3-1?arch=i386'].map(bytesOf),
    words: ['%', '@', '?', '#', '&', '=', 'pkg:', '%2F'],
    run: ({ text }) => readPurl(text),
  },
];
