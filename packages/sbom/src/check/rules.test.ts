// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkSbom, sbomLists } from './index.js';
import { MAX_FINDINGS } from './model/finding.js';

const SHA1 = 'a'.repeat(40);
const HEX = 'ab'.repeat(64);

/** Makes a document of one package, one file and what is given besides. */
function documentOf(given: {
  readonly item?: Readonly<Record<string, unknown>>;
  readonly file?: Readonly<Record<string, unknown>>;
  readonly root?: Readonly<Record<string, unknown>>;
}): string {
  return JSON.stringify({
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'x',
    documentNamespace: 'https://example.org/x',
    creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Tool: hand'] },
    packages: [
      {
        SPDXID: 'SPDXRef-p',
        name: 'p',
        downloadLocation: 'NOASSERTION',
        filesAnalyzed: false,
        ...given.item,
      },
    ],
    files: [
      {
        SPDXID: 'SPDXRef-f',
        fileName: './f',
        checksums: [{ algorithm: 'SHA1', checksumValue: SHA1 }],
        ...given.file,
      },
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-p' },
    ],
    ...given.root,
  });
}

const reference = (referenceCategory: string, referenceType: string, referenceLocator: string) => ({
  item: { externalRefs: [{ referenceCategory, referenceType, referenceLocator }] },
});
const checksum = (algorithm: string, checksumValue: string) => ({
  item: { checksums: [{ algorithm, checksumValue }] },
});
const describing = (relatedSpdxElement: string) => ({
  root: {
    relationships: [{ spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement }],
  },
});
const found = (given: Parameters<typeof documentOf>[0]) =>
  checkSbom(documentOf(given)).findings.map(({ level, clause }) => `${level} ${clause}`);
const cpe = 'cpe:2.3:a:busybox:busybox:1.36.1-r5:*:*:*:*:*:*:*';

describe('what is fine', () => {
  it.each<[string, Parameters<typeof documentOf>[0]]>([
    ['a document of the least', {}],
    [
      'a qualifier of an empty value, which is none',
      reference('PACKAGE-MANAGER', 'purl', 'pkg:generic/a@1?arch='),
    ],
    [
      'a qualifier that is empty twice',
      reference('PACKAGE-MANAGER', 'purl', 'pkg:generic/a@1?arch=&arch=&x=y'),
    ],
    ['a CPE name', reference('SECURITY', 'cpe23Type', cpe)],
    [
      'a CPE name with quoted signs',
      reference('SECURITY', 'cpe23Type', 'cpe:2.3:a:a\\:b:c\\+\\+:1?:-:*:en-us:*:*:*:*'),
    ],
    ['a CPE name of version 2.2', reference('SECURITY', 'cpe22Type', 'cpe:/a:busybox:busybox:1.36.1')],
    ['a Software Heritage identifier', reference('PERSISTENT-ID', 'swh', `swh:1:cnt:${SHA1}`)],
    ['a gitoid', reference('PERSISTENT-ID', 'gitoid', `gitoid:blob:sha256:${HEX.slice(64)}`)],
    ['a type of somebody', reference('OTHER', 'thing', 'anything')],
    ['a type that is written out', reference('SECURITY', 'http://spdx.org/rdf/references/cpe23Type', cpe)],
    ['the purpose as the schema has it', { item: { primaryPackagePurpose: 'OPERATING_SYSTEM' } }],
    [
      'NONE and NOASSERTION by themselves',
      { item: { licenseConcluded: 'NONE', licenseDeclared: 'NOASSERTION' } },
    ],
  ])('a document with %s conforms without findings', (_, given) => {
    expect(found(given)).toEqual([]);
  });
});

describe('what is advice', () => {
  it.each<[string, string, Parameters<typeof documentOf>[0]]>([
    ['7.21', 'PACKAGE_MANAGER', reference('PACKAGE_MANAGER', 'purl', 'pkg:generic/a@1')],
    ['7.21', 'PERSISTENT_ID', reference('PERSISTENT_ID', 'swh', `swh:1:dir:${SHA1}`)],
    ['7.24', 'OPERATING-SYSTEM', { item: { primaryPackagePurpose: 'OPERATING-SYSTEM' } }],
    ['7.21', 'an upper-case type of a purl', reference('PACKAGE-MANAGER', 'purl', 'pkg:PYPI/x')],
    ['7.21', 'an upper-case scheme of a purl', reference('PACKAGE-MANAGER', 'purl', 'PKG:pypi/x')],
    ['7.21', 'an upper-case qualifier', reference('PACKAGE-MANAGER', 'purl', 'pkg:oci/x?mediaType=a')],
    ['7.21', 'a type that annex F does not list', reference('SECURITY', 'thing', 'anything')],
    ['8.1', 'no ./', { file: { fileName: 'bin/busybox' } }],
    ['8.1', 'an empty part', { file: { fileName: './bin//busybox' } }],
    [
      '8.4',
      'upper-case digits of a file',
      { file: { checksums: [{ algorithm: 'SHA1', checksumValue: SHA1.toUpperCase() }] } },
    ],
  ])('a document gets advice under clause %s for %s', (clause, _, given) => {
    expect(found(given)).toEqual([`advice ${clause}`]);
    expect(checkSbom(documentOf(given)).valid).toBe(true);
  });

  it('a digest in upper case still counts as listed', () => {
    const sha256 = HEX.slice(64);
    const checksums = [
      { algorithm: 'SHA1', checksumValue: SHA1 },
      { algorithm: 'SHA256', checksumValue: sha256.toUpperCase() },
    ];
    const { document } = checkSbom(documentOf({ file: { checksums } }));
    expect(document && sbomLists(document, sha256)).toBe(true);
  });
});

describe('what is an error', () => {
  it.each<[string, string, Parameters<typeof documentOf>[0]]>([
    ['7.21', 'a CPE name of too few parts', reference('SECURITY', 'cpe23Type', 'cpe:2.3:a:busybox:busybox')],
    ['7.21', 'a CPE name of too many parts', reference('SECURITY', 'cpe23Type', `${cpe}:*`)],
    ['7.21', 'a CPE name of another part', reference('SECURITY', 'cpe23Type', cpe.replace(':a:', ':z:'))],
    [
      '7.21',
      'a CPE name with an empty part',
      reference('SECURITY', 'cpe23Type', cpe.replace(':busybox:', '::')),
    ],
    [
      '7.21',
      'a CPE name with a space',
      reference('SECURITY', 'cpe23Type', cpe.replace('busybox', 'busy box')),
    ],
    ['7.21', 'a CPE name with a bare sign', reference('SECURITY', 'cpe23Type', cpe.replace('1.36', '1/36'))],
    ['7.21', 'text for a CPE name of version 2.2', reference('SECURITY', 'cpe22Type', 'busybox')],
    ['7.21', 'version 2.3 for 2.2', reference('SECURITY', 'cpe22Type', cpe)],
    [
      '7.21',
      'a Software Heritage identifier of another kind',
      reference('PERSISTENT-ID', 'swh', `swh:1:xyz:${SHA1}`),
    ],
    ['7.21', 'a short Software Heritage identifier', reference('PERSISTENT-ID', 'swh', 'swh:1:cnt:aa')],
    [
      '7.21',
      'a gitoid of another length',
      reference('PERSISTENT-ID', 'gitoid', `gitoid:blob:sha256:${SHA1}`),
    ],
    ['7.21', 'a gitoid of another kind', reference('PERSISTENT-ID', 'gitoid', `gitoid:file:sha1:${SHA1}`)],
    ['7.21', 'a CPE name in another category', reference('OTHER', 'cpe23Type', cpe)],
    ['7.21', 'a gitoid in another category', reference('SECURITY', 'gitoid', `gitoid:blob:sha1:${SHA1}`)],
    ['7.21', 'an npm reference without version', reference('PACKAGE-MANAGER', 'npm', 'left-pad')],
    ['7.21', 'an advisory that is no URI', reference('SECURITY', 'advisory', 'CVE-2020-0001')],
    ['7.21', 'a locator with spaces', reference('OTHER', 'thing', 'any thing')],
    ['7.21', 'a qualifier twice', reference('PACKAGE-MANAGER', 'purl', 'pkg:generic/a@1?x=y&X=z')],
    ['7.13', 'NONE in an expression', { item: { licenseConcluded: 'NONE AND MIT' } }],
    ['7.15', 'NOASSERTION in an expression', { item: { licenseDeclared: 'MIT OR (NOASSERTION)' } }],
    ['6.6', 'a licence of an unknown document', { item: { licenseDeclared: 'DocumentRef-x:LicenseRef-y' } }],
    ['7.10', 'a SHA1 of zeros', checksum('SHA1', '0'.repeat(40))],
    ['7.10', 'a SHA512 of zeros', checksum('SHA512', '0'.repeat(128))],
    ['7.10', 'a BLAKE3 of another length', checksum('BLAKE3', 'ab')],
    ['7.10', 'an MD6 of half a byte', checksum('MD6', 'abc')],
    ['7.10', 'an MD6 that is too long', checksum('MD6', 'ab'.repeat(65))],
    ['8.1', 'an absolute name', { file: { fileName: '/bin/busybox' } }],
    ['8.1', 'a name of Windows', { file: { fileName: 'C:\\bin' } }],
    ['8.1', 'a name that leads out', { file: { fileName: 'a/../../b' } }],
    ['12.1', 'an annotator who is nobody', { root: { annotations: [annotation({ annotator: 'me' })] } }],
    [
      '12.2',
      'an annotation without a time',
      { item: { annotations: [annotation({ annotationDate: 'today' })] } },
    ],
  ])('a document breaks clause %s with %s', (clause, _, given) => {
    expect(found(given)).toEqual([`error ${clause}`]);
    expect(checkSbom(documentOf(given)).document).toBeUndefined();
  });

  it('11.1: a document that describes nothing, by whatever word', () => {
    for (const nothing of ['NONE', 'NOASSERTION']) {
      expect(new Set(found(describing(nothing)))).toEqual(new Set(['error 11.1']));
    }
  });

  it('9.2: a snippet of a package', () => {
    const snippets = [
      {
        SPDXID: 'SPDXRef-s',
        name: 's',
        snippetFromFile: 'SPDXRef-p',
        ranges: [{ startPointer: { reference: 'SPDXRef-f' }, endPointer: { reference: 'SPDXRef-f' } }],
      },
    ];
    expect(found({ root: { snippets } })).toEqual(['error 9.2']);
  });
});

function annotation(given: Readonly<Record<string, string>>) {
  return {
    annotator: 'Tool: x',
    annotationDate: '2026-01-01T00:00:00Z',
    annotationType: 'OTHER',
    comment: '',
    ...given,
  };
}

describe('many findings', () => {
  it('many findings are bounded, errors in front, and the rest is counted', () => {
    const files = Array.from({ length: 3000 }, (_, index) => ({
      SPDXID: `SPDXRef-${index}`,
      fileName: index % 2 === 0 ? 'no-dot' : '/absolute',
      checksums: [{ algorithm: 'SHA1', checksumValue: SHA1 }],
    }));
    const { findings, omitted } = checkSbom(documentOf({ root: { files } }));
    expect(findings.map(({ level }) => level)).toEqual([
      ...Array.from({ length: MAX_FINDINGS }, () => 'error'),
      ...Array.from({ length: MAX_FINDINGS }, () => 'advice'),
    ]);
    expect(omitted).toBe(3000 - 2 * MAX_FINDINGS);
  });

  it('quote little of what is large', () => {
    const { findings } = checkSbom(documentOf({ root: { name: [...Array(1000).keys()], comment: {} } }));
    for (const { message, pointer } of findings) expect(message.length + pointer.length).toBeLessThan(300);
    const long = 'x'.repeat(100_000);
    for (const { message, pointer } of checkSbom(`{"${long}":{"a":1,"a":2}, "${long}2": "${long}"}`)
      .findings) {
      expect(message.length + pointer.length).toBeLessThan(600);
    }
  });
});
