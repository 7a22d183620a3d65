// SPDX-License-Identifier: Apache-2.0
import { unreadable } from './deb822.js';

/** What a system says that it is (os-release(5)). */
export interface OsRelease {
  /** `debian`; `linux` where the file does not say. */
  readonly id: string;
  /** `12`; undefined where there is none, as of a rolling release. */
  readonly versionId: string | undefined;
  readonly buildId: string | undefined;
  /** `Debian GNU/Linux`; the id where the file has none. */
  readonly name: string;
  /** Path of the file in the root. */
  readonly path: string;
  /** The file as it is. */
  readonly text: string;
}

const ASSIGNMENT = /^([A-Z][A-Z0-9_]*)=(.*)$/i;

/**
 * Reads an os-release file: shell assignments, with the quotes and escapes that os-release(5) allows. A later line wins.
 * @throws SbomError `unreadable`: a line that a shell would do something else with
 */
export function parseOsRelease(text: string, path: string): OsRelease {
  const values = new Map<string, string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, key, written = ''] = ASSIGNMENT.exec(line) ?? [];
    const value = unquote(written);
    if (key === undefined || value === undefined) throw unreadable(path, index + 1, 'is no plain assignment');
    values.set(key, value);
  }
  const id = values.get('ID') || 'linux';
  if (!/^[a-z0-9._-]+$/.test(id))
    throw unreadable(path, 1, `has the ID ${JSON.stringify(id)}, which is none`);
  return {
    id,
    versionId: values.get('VERSION_ID') || undefined,
    buildId: values.get('BUILD_ID') || undefined,
    name: values.get('NAME') || id,
    path,
    text,
  };
}

/** Takes the quotes and escapes of a value away; undefined for one that is more than one word, or runs something. */
function unquote(written: string): string | undefined {
  const [, single] = /^'([^']*)'$/.exec(written) ?? [];
  if (single !== undefined) return single;
  const [, double] = /^"((?:[^"\\$`]|\\["\\$`])*)"$/.exec(written) ?? [];
  if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1');
  return /^[A-Za-z0-9._:/+@%,~-]*$/.test(written) ? written : undefined;
}
