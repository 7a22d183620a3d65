// SPDX-License-Identifier: Apache-2.0
import { SbomError } from '../error.js';
import { parseApkInstalled } from './apk.js';
import { readApkLicence } from './apk-licence.js';
import type { RootRecords } from './collect.js';
import { parseDpkgStatus, parseDpkgStatusFile } from './dpkg.js';
import { type OsRelease, parseOsRelease } from './os-release.js';
import type { DeclaredLicence, SystemPackage } from './package.js';
import { followLinks } from './symlinks.js';
import type { UnreadDatabase } from './unread.js';

/** An operating system as its own records describe it. */
export interface OperatingSystem {
  /** Undefined where the root has no os-release file. */
  readonly release: OsRelease | undefined;
  /** Sorted by manager, name and architecture. */
  readonly packages: readonly (SystemPackage & { readonly declared: DeclaredLicence })[];
  /** The databases that were found, and what else was looked for in vain. */
  readonly databases: readonly string[];
  readonly missing: readonly string[];
  /** Databases that are there, of managers whose packages are not listed: of what is in the root they may say more. */
  readonly unread: readonly UnreadDatabase[];
}

const DPKG = 'var/lib/dpkg/status';
const DPKG_FILES = 'var/lib/dpkg/status.d/';
const APK = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];
/** In the order of os-release(5): the second counts only where the first is missing. */
const OS_RELEASE = ['etc/os-release', 'usr/lib/os-release'];

/**
 * Reads which packages a root has.
 * @throws SbomError `unreadable`: a database that cannot be read, or that dpkg was interrupted in
 */
export function readSystem(records: RootRecords): OperatingSystem {
  if (records.unfinished.length > 0) {
    throw new SbomError(
      'unreadable',
      'var/lib/dpkg/updates: dpkg was interrupted, and its database is not whole',
      {
        fix: 'run dpkg --configure -a in the root, and make the archive again',
      },
    );
  }
  const { texts, links } = records;
  const files = new Map<string, string>();
  const open = (path: string) => {
    const real = followLinks(path, links);
    const text = real === undefined ? undefined : texts.get(real);
    if (real !== undefined && text !== undefined) files.set(real, text);
    return real !== undefined && text !== undefined;
  };
  // In an order of its own: an archive has its members in any.
  const statusFiles = [...texts.keys()]
    .filter((path) => path.startsWith(DPKG_FILES) && !path.endsWith('.md5sums'))
    .sort(compare);
  const looked = [DPKG, ...statusFiles, ...APK];
  const missing = looked.filter((path) => !open(path));
  if (statusFiles.length === 0) missing.push(DPKG_FILES);
  const packages = [...files].flatMap(([path, text]) =>
    path.endsWith('/apk/db/installed')
      ? parseApkInstalled(text, path)
      : path.startsWith(DPKG_FILES)
        ? parseDpkgStatusFile(text, path)
        : parseDpkgStatus(text, path),
  );
  const sorted = packages
    .map((item) => ({ ...item, declared: licenceOf(item, records) }))
    .sort((a, b) => compare(keyOf(a), keyOf(b)));
  assertOnce(sorted);
  return {
    release: findRelease(records),
    packages: sorted,
    databases: [...files.keys()],
    missing,
    unread: records.unread,
  };
}

const keyOf = ({ manager, name, architecture }: SystemPackage) => `${manager} ${name} ${architecture}`;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Refuses a package that two databases have: nobody could tell which of them is right. */
function assertOnce(packages: readonly SystemPackage[]): void {
  const seen = new Map<string, string>();
  for (const item of packages) {
    const other = seen.get(keyOf(item));
    if (other !== undefined) {
      throw new SbomError('unreadable', `${item.database}: has ${item.name}, which ${other} has as well`);
    }
    seen.set(keyOf(item), item.database);
  }
}

function findRelease({ texts, links }: RootRecords): OsRelease | undefined {
  for (const path of OS_RELEASE) {
    const real = followLinks(path, links);
    const text = real === undefined ? undefined : texts.get(real);
    if (text !== undefined) return parseOsRelease(text, path);
    if (links.has(path)) {
      throw new SbomError(
        'unreadable',
        `${path}: leads to ${JSON.stringify(links.get(path))}, where no such file was found`,
        {
          fix: `let it lead to ../usr/lib/os-release, or be a file`,
        },
      );
    }
  }
  return undefined;
}

function licenceOf(item: SystemPackage, { licences, links }: RootRecords): DeclaredLicence {
  if (item.manager === 'apk') return readApkLicence(item.licence, item.database);
  const path = `usr/share/doc/${item.name}/copyright`;
  const real = followLinks(path, links);
  const licence = real === undefined ? undefined : licences.get(real);
  return licence ?? { expression: undefined, texts: [], comment: `${path} is not in the root` };
}
