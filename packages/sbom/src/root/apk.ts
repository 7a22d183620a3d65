// SPDX-License-Identifier: Apache-2.0
import { unreadable } from './deb822.js';
import type { SystemPackage } from './package.js';

/**
 * Reads apk's database of installed packages: records of `X:value` lines, apart by empty lines, the last with or without
 * one. Letters are case-sensitive; those of folders and files (`F` `M` `R` `a` `Z`) come many times in a record.
 * @throws SbomError `unreadable`
 */
export function parseApkInstalled(text: string, database: string): SystemPackage[] {
  const packages: SystemPackage[] = [];
  let fields = new Map<string, string>();
  let start = 1;
  const close = () => {
    if (fields.size > 0) packages.push(packageOf(fields, start, database));
    fields = new Map();
  };
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') {
      close();
      continue;
    }
    if (!/^[A-Za-z]:/.test(line)) throw unreadable(database, index + 1, 'is no field of a package');
    const [letter, value] = [line.slice(0, 1), line.slice(2)];
    if (fields.size === 0) start = index + 1;
    if (/[PVALomU]/.test(letter) && fields.has(letter)) {
      throw unreadable(database, index + 1, `has the field ${letter} a second time`);
    }
    if (!fields.has(letter)) fields.set(letter, value);
  }
  close();
  return packages;
}

function packageOf(fields: ReadonlyMap<string, string>, line: number, database: string): SystemPackage {
  const need = (letter: string, what: string) => {
    const value = fields.get(letter);
    if (value && !/\s/.test(value)) return value;
    throw unreadable(database, line, `is a package whose ${what} (${letter}:) is missing, or no word`);
  };
  const name = need('P', 'name');
  const version = need('V', 'version');
  return {
    manager: 'apk',
    name,
    version,
    architecture: need('A', 'architecture'),
    source: { name: fields.get('o') || name, version },
    maintainer: fields.get('m') || undefined,
    homepage: fields.get('U') || undefined,
    licence: fields.get('L') || undefined,
    note: undefined,
    database,
  };
}
