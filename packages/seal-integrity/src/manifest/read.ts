// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import { Cursor } from './cursor.js';
import type { ManifestTables, ManifestValue } from './value.js';

const SKIPPED = /[ \t]*(?:#[^\n]*)?\n|[ \t]+(?:#[^\n]*)?$|#[^\n]*$/y;
const HEADER = /\[([a-z_]+(?:\.[a-z_]+)?)\][ \t]*(?:#[^\n]*)?(?:\n|$)/y;
const KEY = /([a-z_][a-z0-9_]*)[ \t]*=/y;
/** What stands in no manifest, not even in a comment that a person reads it by; line ends, and tabs outside strings, may. */
const CONTROL = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * Reads the text of a manifest by the plain shape it has to have, where TOML would allow more: bare keys, one
 * key a line, each section once under its plain header, double-quoted strings without escapes, one comma
 * between elements. What has a second spelling could be read in two ways, and is refused.
 *
 * @param sections the headers that may stand; `''` is the part before the first
 * @throws SealError `manifest` with the line
 */
export function readManifestText(text: string, sections: ReadonlySet<string>): ManifestTables {
  const cursor = new Cursor(text);
  assertPlain(cursor);
  let current = { name: '', table: new Map<string, ManifestValue>() };
  const tables = new Map([['', current.table]]);
  while (!cursor.done) {
    if (cursor.take(SKIPPED) !== undefined) continue;
    const start = cursor.at;
    const header = cursor.take(HEADER)?.[1];
    if (header !== undefined) {
      if (!sections.has(header) || header === '')
        throw cursor.error(`section [${header}] is not supported`, start);
      if (tables.has(header)) throw cursor.error(`section [${header}] stands twice`, start);
      current = { name: header, table: new Map() };
      tables.set(header, current.table);
      continue;
    }
    if (cursor.rest.startsWith('"[') || /^"\s+\[/.test(cursor.rest))
      throw cursor.error(`malformed section header ${cursor.rest}, expected [name] at the start of a line`);
    const key = cursor.take(KEY)?.[1];
    if (key === undefined) throw cursor.error(`expected key = value with a bare key, found ${cursor.rest}`);
    if (current.table.has(key)) throw cursor.error(`${placeOf(current.name, key)} stands twice`, start);
    current.table.set(key, cursor.takeValue());
  }
  return tables;
}

/** Returns how messages name a key: `project.id`. */
export function placeOf(section: string, key: string): string {
  return section === '' ? key : `${section}.${key}`;
}

function assertPlain(cursor: Cursor): void {
  const control = CONTROL.exec(cursor.text);
  if (control === null) return;
  if (control[0] === '\r') throw cursor.error('carriage return, expected LF line ends', control.index);
  throw cursor.error(
    `control or invisible character ${escapeControls(control[0])}, expected none`,
    control.index,
  );
}
