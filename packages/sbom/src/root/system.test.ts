// SPDX-License-Identifier: Apache-2.0
import { createArchiveFeed } from '@latticra/tar';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive, type TestMember } from '../../../tar/test/archive.js';
import { checkSbom, formatSbom } from '../index.js';
import { addImages } from './add-images.js';
import { collectRecords } from './collect.js';
import { followLinks } from './symlinks.js';
import { readSystem } from './system.js';
import { type MeasuredArtifact, systemSbom } from './system-sbom.js';
import { systemWarnings } from './warnings.js';

const STATUS =
  'Package: dash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 0.5.12-2\nMaintainer: A <a@example.org>\n';
const APK = 'P:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\n';
const RELEASE = 'ID=debian\nVERSION_ID="12"\nNAME="Debian GNU/Linux"\n';
const COPYRIGHT =
  'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: BSD-3-clause\n';
const DEBIAN: TestMember[] = [
  { name: 'etc/os-release', type: '2', link: '../usr/lib/os-release' },
  { name: 'usr/lib/os-release', content: RELEASE },
  { name: 'usr/share/doc/dash/copyright', content: COPYRIGHT },
  { name: 'var/lib/dpkg/status', content: STATUS },
];

function read(...members: TestMember[]) {
  const collector = collectRecords();
  const feed = createArchiveFeed(collector);
  feed.push(archive(...members));
  return feed.end().then(() => readSystem(collector.finish()));
}

const image: MeasuredArtifact = {
  artifact: 'iso',
  name: 'x.iso',
  size: 5,
  sha256: 'b'.repeat(64),
};
const sbom = async (...members: TestMember[]) =>
  systemSbom({
    system: await read(...members),
    artifacts: [image],
    artifactVersion: '1.0',
    sourceCommit: 'unknown',
    created: '1970-01-01T00:00:00Z',
    tool: { name: 'a-tool', version: '1' },
  });

describe('followLinks', () => {
  it('links are followed inside the tree, wherever they point', () => {
    const links = new Map([
      ['lib', 'usr/lib'],
      ['usr/lib/a', '/../../etc/b'],
      ['etc/b', '../lib/c'],
    ]);
    expect(followLinks('lib/x', links)).toBe('usr/lib/x');
    expect(followLinks('lib/a', links)).toBe('usr/lib/c');
  });

  it('a circle ends', () => {
    expect(followLinks('a/b', new Map([['a', 'a/a']]))).toBeUndefined();
    const names = fc.stringMatching(/^[ab]$/);
    const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(fc.tuple(paths, paths)), paths, (links, path) => {
        const found = followLinks(path, new Map(links));
        expect(found === undefined || typeof found === 'string').toBe(true);
      }),
    );
  });
});

describe('readSystem', () => {
  it('a Debian root has its packages, licences, and the name behind a link', async () => {
    expect(await read(...DEBIAN)).toMatchObject({
      release: { id: 'debian', versionId: '12' },
      packages: [{ name: 'dash', declared: { expression: 'BSD-3-Clause' } }],
      databases: ['var/lib/dpkg/status'],
    });
  });

  it.each([
    [{ name: 'lib/apk/db/installed', content: APK }],
    [{ name: 'usr/lib/apk/db/installed', content: APK }],
    [
      { name: 'lib', type: '2', link: 'usr/lib' },
      { name: 'usr/lib/apk/db/installed', content: APK },
    ],
  ])('an apk database is found wherever it lies, and once', async (...members) => {
    const { packages } = await read(...members);
    expect(packages.map(({ name, declared }) => [name, declared.expression])).toEqual([['musl', 'MIT']]);
  });

  it('files of status.d are read, and their lists of digests are not', async () => {
    const { packages } = await read(
      { name: 'var/lib/dpkg/status.d/base', content: STATUS.replace(/Status.*\n/, '') },
      { name: 'var/lib/dpkg/status.d/base.md5sums', content: 'no fields' },
    );
    expect(packages.map(({ name }) => name)).toEqual(['dash']);
  });

  it('a copyright file behind a link of its folder, or under a second name, is read', async () => {
    const [, , copyright, status] = DEBIAN;
    const other = (link: TestMember) =>
      read(
        { ...(copyright as TestMember), name: 'usr/share/doc/other/copyright' },
        link,
        status as TestMember,
      );
    for (const link of [
      { name: 'usr/share/doc/dash', type: '2', link: 'other' },
      { name: 'usr/share/doc/dash/copyright', type: '1', link: 'usr/share/doc/other/copyright' },
    ]) {
      expect((await other(link)).packages[0]?.declared.expression).toBe('BSD-3-Clause');
    }
  });

  it.each<[string, TestMember[], RegExp]>([
    ['an interrupted dpkg', [{ name: 'var/lib/dpkg/updates/0001', content: 'x' }], /interrupted.*/],
    [
      'a link to no os-release',
      [{ name: 'etc/os-release', type: '2', link: '/nix/x' }],
      /leads to "\/nix\/x"/,
    ],
    ['a database that is no UTF-8', [{ name: 'var/lib/dpkg/status', content: Buffer.from([0xff]) }], /UTF-8/],
    [
      'a package in two databases',
      [DEBIAN[3] as TestMember, { name: 'var/lib/dpkg/status.d/x', content: STATUS }],
      /as well/,
    ],
  ])('%s is refused', async (_, members, reason) => {
    await expect(read(...members)).rejects.toThrow(reason);
  });
});

describe('systemSbom', () => {
  it('the document lists the packages with what is known of them, and checks clean', async () => {
    const document = await sbom(...DEBIAN);
    expect(checkSbom(formatSbom(document)).findings).toEqual([]);
    expect(document.packages).toMatchObject([
      { name: 'latticra-os-image' },
      { name: 'x.iso', packageFileName: 'x.iso' },
      { name: 'Debian GNU/Linux', versionInfo: '12', primaryPackagePurpose: 'OPERATING_SYSTEM' },
      {
        name: 'dash',
        versionInfo: '0.5.12-2',
        licenseDeclared: 'BSD-3-Clause',
        externalRefs: [{ referenceLocator: 'pkg:deb/debian/dash@0.5.12-2?arch=amd64&distro=debian-12' }],
      },
    ]);
    const relations = document.relationships?.map(
      (one) => `${one.spdxElementId} ${one.relationshipType} ${one.relatedSpdxElement}`,
    );
    expect(relations).toContain('SPDXRef-Image-iso CONTAINS SPDXRef-Package-operating-system');
  });

  it('a root without a database is said to have none, and which were looked for', async () => {
    const document = await sbom({ name: 'bin/true', content: 'x' });
    expect(document.packages).toHaveLength(3);
    expect(document.packages?.[2]?.comment).toMatch(
      /no package database was found that is read here; looked for var\/lib\/dpkg\/status/,
    );
  });

  it.each([
    ['rpm', 'usr/lib/sysimage/rpm/rpmdb.sqlite'],
    ['rpm', 'var/lib/rpm/Packages'],
    ['pacman', 'var/lib/pacman/local/zlib-1.3-1/desc'],
    ['opkg', 'usr/lib/opkg/status'],
    ['portage', 'var/db/pkg/sys-libs/zlib-1.3/CONTENTS'],
    ['xbps', 'var/db/xbps/pkgdb-0.38.plist'],
    ['nix', 'nix/var/nix/db/db.sqlite'],
    ['guix', 'var/guix/db/db.sqlite'],
    ['pkgtools', 'var/lib/pkgtools/packages/zlib-1.3-x86_64-1'],
    ['snap', 'var/lib/snapd/state.json'],
    ['flatpak', 'var/lib/flatpak/app/org.x/x86_64/stable/0a/deploy'],
  ])(
    'a database of %s, which is not read, is named, and the document says that there may be more',
    async (manager, path) => {
      for (const others of [[], DEBIAN]) {
        const document = await sbom(...others, { name: path, content: 'x' });
        expect(checkSbom(formatSbom(document)).findings).toEqual([]);
        expect(document.packages?.[2]?.comment).toContain(
          `; not read: ${path}, the database of ${manager}; `,
        );
        expect(document.relationships).toContainEqual({
          spdxElementId: 'SPDXRef-Package-operating-system',
          relationshipType: 'CONTAINS',
          relatedSpdxElement: 'NOASSERTION',
        });
      }
    },
  );

  it('a database without a package says that there may be some, and is warned of', async () => {
    const emptied = { name: 'var/lib/dpkg/status', content: '' };
    const document = await sbom(emptied);
    expect(document.relationships).toContainEqual({
      spdxElementId: 'SPDXRef-Package-operating-system',
      relationshipType: 'CONTAINS',
      relatedSpdxElement: 'NOASSERTION',
    });
    expect(systemWarnings(await read(emptied))).toEqual([
      'no package is in var/lib/dpkg/status: the SBOM lists none, whatever is installed',
    ]);
    expect(systemWarnings(await read(...DEBIAN))).toEqual([]);
  });

  it('a document of databases that were all read says that they are all, whatever else lies beside them', async () => {
    const beside = [
      'var/lib/rpm/.keep',
      'var/log/packages.log',
      'var/lib/pacman/local/ALPM_DB_VERSION',
      'srv/var/lib/rpm/Packages',
    ];
    const document = await sbom(...DEBIAN, ...beside.map((name) => ({ name, content: 'x' })));
    expect(JSON.stringify(document)).not.toContain('not read');
    expect(
      document.relationships?.some(({ relatedSpdxElement }) => relatedSpdxElement === 'NOASSERTION'),
    ).toBe(false);
  });

  it('a manager is named by the first of its files, in whatever order an archive has them', async () => {
    const files = ['a', 'b', 'c'].map((name) => ({
      name: `var/lib/pacman/local/${name}/desc`,
      content: 'x',
    }));
    const unread = [{ manager: 'pacman', path: 'var/lib/pacman/local/a/desc' }];
    expect((await read(...files)).unread).toEqual(unread);
    expect((await read(...files.reverse())).unread).toEqual(unread);
  });

  it('images are added to a document of another tool, and everything else in it stays', async () => {
    const document = await sbom(...DEBIAN);
    const more = { ...image, artifact: 'vm-image' as const, sha256: 'c'.repeat(64) };
    const added = addImages({
      text: formatSbom(document),
      images: [more],
      tool: { name: 't', version: '2' },
    });
    expect(checkSbom(formatSbom(added)).valid).toBe(true);
    expect(added.documentNamespace).not.toBe(document.documentNamespace);
    expect(added.packages?.slice(0, -1)).toEqual(document.packages);
    expect(added.packages?.at(-1)?.checksums?.[0]?.checksumValue).toBe(more.sha256);
    expect(added.relationships?.at(-1)).toMatchObject({
      relationshipType: 'CONTAINS',
      relatedSpdxElement: 'SPDXRef-Package-latticra-os-image',
    });
    expect(() => addImages({ text: '{}', images: [more], tool: { name: 't', version: '2' } })).toThrow(
      'breaks SPDX 2.3',
    );
  });
});
