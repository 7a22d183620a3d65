// SPDX-License-Identifier: Apache-2.0
import { formatDigest } from '@latticra/evidence-format';
import { type Measurement, measureFile } from '@latticra/held-files';
import type { RecordedFile } from './artifact/schema.js';
import { type BootPreviewErrorCode, refusal } from './error.js';
import { type DocumentPlace, fileInside } from './inside.js';

/** How a recorded file is measured. */
export interface FileCheckOptions {
  /** What another digest means; `mismatch` unless given. */
  readonly code?: BootPreviewErrorCode;
  /** Called with the number of bytes that each step has read. */
  readonly onBytes?: (count: number) => void;
}

/**
 * Measures a file that the document at `place` names and compares it with what stands there of it.
 * @param name of the two fields, without `_path` and `_sha256`
 * @throws BootPreviewError `path-escape`, `mismatch` or the code that was given; HeldFileError
 */
export async function checkFile(
  place: DocumentPlace,
  name: string,
  recorded: RecordedFile,
  { code = 'mismatch', onBytes }: FileCheckOptions = {},
): Promise<Measurement> {
  const path = await fileInside(place, `${name}_path`, recorded.path);
  const found = await measureFile(path, onBytes === undefined ? {} : { onBytes });
  assertDigest(place, `${name}_sha256`, recorded.sha256, found.sha256, code);
  return found;
}

/** @throws BootPreviewError of `code` unless both digests (hexadecimal) are the same */
export function assertDigest(
  place: DocumentPlace,
  field: string,
  recorded: string,
  found: string,
  code: BootPreviewErrorCode,
): void {
  if (recorded === found) return;
  throw refusal(code, place.path, field, `expected ${formatDigest(recorded)}, found ${formatDigest(found)}`, {
    fix: 'restore what was recorded, or record anew',
  });
}
