// SPDX-License-Identifier: Apache-2.0
import { isAbsolute } from 'node:path';
import {
  type EvidenceDocument,
  EvidenceError,
  type FieldReader,
  readFields,
} from '@latticra/evidence-format';
import type { RecordedFile } from '../artifact/schema.js';

/** Reads the fields or a section of a record, where every field says something. */
export interface RecordReader extends FieldReader {
  /** The value, which must not be empty. */
  recorded(key: string): string;
  /** Insists on the one value that a field can have. */
  constant(key: string, expected: string): void;
  /** `<name>_path` and `<name>_sha256`. */
  file(name: string): RecordedFile;
  /** The same, or undefined where both say `none`. */
  optionalFile(name: string): RecordedFile | undefined;
  /** An absolute path. */
  absolutePath(key: string): string;
}

/** A reader with the methods that records need; each throws EvidenceError `missing` or `wrong-type`. */
export function recordReader(
  block: EvidenceDocument['sections'][number] | EvidenceDocument,
  firstLine: number,
): RecordReader {
  const reader = readFields(block, firstLine);
  const wrong = (key: string, expected: string) =>
    new EvidenceError(
      'wrong-type',
      `${key}: expected ${expected}, found ${JSON.stringify(reader.text(key))}`,
      {
        key,
        line: reader.line(key) ?? firstLine,
      },
    );
  const recorded = (key: string) => {
    const value = reader.text(key);
    if (value === '') throw wrong(key, 'a value');
    return value;
  };
  const constant = (key: string, expected: string) => {
    if (reader.text(key) !== expected) throw wrong(key, JSON.stringify(expected));
  };
  const file = (name: string) => {
    const path = recorded(`${name}_path`);
    if (path === 'none') throw wrong(`${name}_path`, 'a path');
    return { path, sha256: reader.digest(`${name}_sha256`) };
  };
  return {
    ...reader,
    recorded,
    constant,
    file,
    optionalFile(name) {
      if (reader.text(`${name}_path`) !== 'none') return file(name);
      constant(`${name}_sha256`, 'none');
      return undefined;
    },
    absolutePath(key) {
      const path = recorded(key);
      if (!isAbsolute(path)) throw wrong(key, 'an absolute path');
      return path;
    },
  };
}
