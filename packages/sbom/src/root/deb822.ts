// SPDX-License-Identifier: Apache-2.0
import { SbomError } from '../error.js';

/** A paragraph of fields, as dpkg's database and machine-readable copyright files are made of. */
export interface Paragraph {
  /** Number of its first line, from 1. */
  readonly line: number;
  /**
   * Values by field names in lower case. The first line stands without the blanks around it; lines that continue it
   * follow as they are, each after a LF.
   */
  readonly fields: ReadonlyMap<string, string>;
}

const FIELD = /^([!-9;-~]+):(.*)$/;

/**
 * Reads paragraphs of `Field: value` lines (deb822(5)), apart by empty lines.
 * @param where what is read, for messages: `var/lib/dpkg/status`
 * @throws SbomError `unreadable`: a line that is no field, a field twice in one paragraph
 */
export function parseParagraphs(text: string, where: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let fields = new Map<string, string>();
  let start = 1;
  let last: string | undefined;
  const close = () => {
    if (fields.size > 0) paragraphs.push({ line: start, fields });
    fields = new Map();
    last = undefined;
  };
  const lines = text.split('\n');
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (/^[ \t]*$/.test(line)) {
      close();
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      if (last === undefined) throw unreadable(where, index + 1, 'continues no field');
      fields.set(last, `${fields.get(last)}\n${line}`);
    } else if (!line.startsWith('#')) {
      const [, name, value = ''] = FIELD.exec(line) ?? [];
      if (name === undefined || name.startsWith('-')) throw unreadable(where, index + 1, 'is no field');
      if (fields.size === 0) start = index + 1;
      last = name.toLowerCase();
      if (fields.has(last)) throw unreadable(where, index + 1, `has the field ${name} a second time`);
      fields.set(last, value.trim());
    }
  }
  close();
  return paragraphs;
}

/** Makes the error for a line that cannot be read. */
export function unreadable(where: string, line: number, reason: string): SbomError {
  return new SbomError('unreadable', `${where}, line ${line}: ${reason}`, {
    fix: 'make the root again, with a package manager that ended well',
  });
}
