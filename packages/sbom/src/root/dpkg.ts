// SPDX-License-Identifier: Apache-2.0
import { type Paragraph, parseParagraphs, unreadable } from './deb822.js';
import type { SystemPackage } from './package.js';

/**
 * What each state of a package means for its files (dpkg(1), "Package states"): `note` where they are there and
 * something is to be said, undefined where none of them is.
 */
const STATES: Readonly<Record<string, { readonly note?: string } | undefined>> = {
  installed: {},
  'half-configured': { note: 'unpacked, and its configuration did not end' },
  'triggers-awaited': { note: 'installed, and waits for the triggers of another package' },
  'triggers-pending': { note: 'installed, and its own triggers have not run' },
  unpacked: { note: 'unpacked, and never configured' },
  'half-installed': { note: 'only partly installed: its files may be missing' },
  'config-files': undefined,
  'not-installed': undefined,
};

const WANTED = /^(?:unknown|install|hold|deinstall|purge) (?:ok|reinstreq) ([a-z-]+)$/;
const SOURCE = /^(\S+)(?:\s+\(([^()\s]+)\))?$/;

/**
 * Reads dpkg's database: the packages of which files are there. The third word of a Status decides; what somebody wants
 * to become of a package does not. The key of a package is its name with its architecture.
 * @throws SbomError `unreadable`
 */
export function parseDpkgStatus(text: string, database: string): SystemPackage[] {
  const packages = parseParagraphs(text, database).flatMap((paragraph) => {
    const status = paragraph.fields.get('status');
    if (status === undefined) throw unreadable(database, paragraph.line, 'is a package without a Status');
    const [, state] = WANTED.exec(status) ?? [];
    if (state === undefined || !Object.hasOwn(STATES, state)) {
      throw unreadable(database, paragraph.line, `has the Status ${JSON.stringify(status)}, which is none`);
    }
    const meaning = STATES[state];
    return meaning === undefined ? [] : [packageOf(paragraph, database, meaning.note)];
  });
  assertOnce(packages, database);
  return packages;
}

/**
 * Reads one file of `status.d`, which images without dpkg have: a package to a file, and no Status, for all are installed.
 * @throws SbomError `unreadable`
 */
export function parseDpkgStatusFile(text: string, database: string): SystemPackage[] {
  return parseParagraphs(text, database).map((paragraph) => packageOf(paragraph, database, undefined));
}

function packageOf({ fields, line }: Paragraph, database: string, note: string | undefined): SystemPackage {
  const need = (field: string) => {
    const value = fields.get(field.toLowerCase());
    if (value && !/\s/.test(value)) return value;
    throw unreadable(database, line, `is a package whose ${field} is missing, or no word`);
  };
  const name = need('Package');
  const version = need('Version');
  const [, source = name, sourceVersion = version] = SOURCE.exec(fields.get('source') ?? '') ?? [];
  if (fields.has('source') && !SOURCE.test(fields.get('source') ?? '')) {
    throw unreadable(database, line, `has the Source ${JSON.stringify(fields.get('source'))}, which is none`);
  }
  return {
    manager: 'dpkg',
    name,
    version,
    architecture: need('Architecture'),
    source: { name: source, version: sourceVersion },
    maintainer: oneLine(fields.get('maintainer')),
    homepage: oneLine(fields.get('homepage')),
    licence: undefined,
    note,
    database,
  };
}

const oneLine = (value: string | undefined) =>
  value === undefined || value === '' ? undefined : value.split('\n', 1)[0];

function assertOnce(packages: readonly SystemPackage[], database: string): void {
  const seen = new Set<string>();
  for (const { name, architecture } of packages) {
    const key = `${name}:${architecture}`;
    if (seen.has(key)) throw unreadable(database, 1, `has the package ${key} twice`);
    seen.add(key);
  }
}
