// SPDX-License-Identifier: Apache-2.0
import { type FieldReader, parseDocument, readFields } from '@latticra/evidence-format';
import { ManifestError } from './error.js';

/** Reads the fields of a manifest: a document without sections whose every field says something. */
export interface ManifestReader extends FieldReader {
  /** The value, which must not be empty. @throws ManifestError `manifest` */
  recorded(key: string): string;
  /** Insists on the one value that a field can have. @throws ManifestError `manifest` */
  constant(key: string, expected: string): void;
  /** What to throw about a field: the message begins with its line and key. */
  problem(key: string, problem: string): ManifestError;
}

/**
 * Parses a manifest of this title.
 * @throws EvidenceError for the text, or a key that stands twice
 * @throws ManifestError `manifest` for another title, or sections
 */
export function readManifest(input: Uint8Array | string, title: string): ManifestReader {
  const document = parseDocument(input);
  if (document.title !== title) {
    throw new ManifestError(
      'manifest',
      `line 1: title: expected ${JSON.stringify(title)}, found ${JSON.stringify(document.title)}`,
    );
  }
  if (document.sections[0] !== undefined) {
    throw new ManifestError('manifest', `[${document.sections[0].name}]: expected no sections`);
  }
  const reader = readFields(document);
  const problem = (key: string, text: string) =>
    new ManifestError('manifest', `line ${reader.line(key)}: ${key}: ${text}`);
  return {
    ...reader,
    problem,
    recorded(key) {
      const value = reader.text(key);
      if (value === '') throw problem(key, 'expected a value, or none, found nothing');
      return value;
    },
    constant(key, expected) {
      const found = reader.text(key);
      if (found !== expected) {
        throw problem(key, `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
      }
    },
  };
}
