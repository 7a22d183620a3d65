// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { parse as parseToml, type TomlTable, type TomlValue } from 'smol-toml';
import { SealError } from '../error.js';
import { placeOf, readManifestText } from './read.js';
import { RULES_BY_SECTION } from './rules.js';
import type { SealManifest } from './schema.js';
import type { ManifestTables, ManifestValue } from './value.js';

/** The largest manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 1 << 20;

/**
 * Reads `latticra.seal`: TOML of a plain shape, in which every key is known and every value is allowed. It is
 * read twice, by a TOML parser and by a reader that knows that shape alone, and both have to find the same.
 *
 * @throws SealError `manifest` with line or key, what was expected and what was found
 */
export function parseManifest(bytes: Uint8Array): SealManifest {
  const text = decode(bytes);
  const tables = readManifestText(text, new Set(RULES_BY_SECTION.keys()));
  assertSameAsToml(text, tables);
  assertRules(tables);
  return toManifest(tables);
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new SealError('manifest', `${bytes.length} bytes, expected at most ${MAX_MANIFEST_BYTES}`);
  }
  const nul = bytes.indexOf(0);
  // Said first and by name: a reader that stops at a NUL would see another manifest.
  if (nul >= 0) throw new SealError('manifest', `NUL byte at offset ${nul}, expected text`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.startsWith('\ufeff')) throw new SealError('manifest', 'line 1: byte order mark, expected none');
    return text;
  } catch (cause) {
    if (cause instanceof SealError) throw cause;
    throw new SealError('manifest', 'expected UTF-8', { cause });
  }
}

function assertSameAsToml(text: string, tables: ManifestTables): void {
  let toml: TomlTable;
  try {
    toml = parseToml(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new SealError('manifest', `no TOML: ${reason}`, { cause });
  }
  if (!isDeepStrictEqual(plain(toml), nested(tables))) {
    throw new SealError('manifest', 'reads otherwise as TOML than it looks', {
      fix: 'write each section under its own header and each key on its own line',
    });
  }
}

/** Turns sections into the nested tables that TOML makes of their names. */
function nested(tables: ManifestTables): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [section, table] of tables) {
    let target = root;
    for (const name of section === '' ? [] : section.split('.')) {
      const inner = (target[name] ?? {}) as Record<string, unknown>;
      target[name] = inner;
      target = inner;
    }
    for (const [key, value] of table) target[key] = value;
  }
  return root;
}

/** Copies a value without the prototypes that a TOML parser may or may not give its tables. */
function plain(value: TomlValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function assertRules(tables: ManifestTables): void {
  for (const [section, table] of tables) {
    for (const key of table.keys()) {
      if (RULES_BY_SECTION.get(section)?.has(key) !== true)
        throw new SealError('manifest', `${placeOf(section, key)}: expected no such key there`);
    }
  }
  for (const [section, rules] of RULES_BY_SECTION) {
    for (const [key, rule] of rules) {
      const value = tables.get(section)?.get(key);
      if (value === undefined && rule.optional === true) continue;
      const expected = value === undefined ? 'the key' : rule(value);
      if (expected === undefined) continue;
      const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
      throw new SealError('manifest', `${placeOf(section, key)}: expected ${expected}, found ${found}`);
    }
  }
}

/** Makes the manifest of tables that the rules have let through. */
function toManifest(tables: ManifestTables): SealManifest {
  const value = <T extends ManifestValue | undefined>(section: string, key: string) =>
    tables.get(section)?.get(key) as T;
  const project = <T extends string | undefined>(key: string) => value<T>('project', key);
  return {
    project: {
      name: project('name'),
      id: project('id'),
      version: project('version'),
      repository: project('repository'),
      license: project('license'),
      description: project<string | undefined>('description'),
    },
    exclude: value('paths', 'exclude'),
    requiredFiles: value('policy.required_files', 'paths'),
    denyFilenames: value('policy.deny_filenames', 'patterns'),
    denyContents: value('policy.deny_contents', 'pattern_parts'),
    maxFileSizeMb: value<25 | undefined>('policy', 'max_file_size_mb'),
  };
}
