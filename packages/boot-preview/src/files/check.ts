// SPDX-License-Identifier: Apache-2.0
import { formatDigest } from '@latticra/evidence-format';
import type { Measurement } from '@latticra/held-files';
import { measureHeld } from '@latticra/held-files/anchor';
import { type BootPreviewErrorCode, refusal } from '../error.js';
import { type HeldPlace, holdFile } from './inside.js';
import type { RecordedFile } from './recorded.js';
import { sumBytes } from './sum.js';

/**
 * Measures a file that the document at `place` names, and refuses it unless it has the digest that stands there.
 * @param name of the two fields, without `_path` and `_sha256`
 * @throws BootPreviewError `path-escape`, `mismatch`; HeldFileError
 */
export function checkFile(place: HeldPlace, name: string, recorded: RecordedFile): Promise<Measurement> {
  return holdFile(place, `${name}_path`, recorded.path, async (file) => {
    const found = await measureHeld(file);
    assertDigest(place, `${name}_sha256`, recorded.sha256, found.sha256, 'mismatch');
    return found;
  });
}

/**
 * Reads a file that the document at `place` names, once, and returns its bytes: those whose digest stands there.
 * @param options.maxBytes refuses a larger file
 * @param options.code for a file of another digest; `mismatch` unless given
 * @throws BootPreviewError `path-escape` and of `code`; HeldFileError, `too-large` among them
 */
export function readRecorded(
  place: HeldPlace,
  name: string,
  recorded: RecordedFile,
  { maxBytes, code = 'mismatch' }: { readonly maxBytes: number; readonly code?: BootPreviewErrorCode },
): Promise<Uint8Array> {
  return holdFile(place, `${name}_path`, recorded.path, (file) => {
    const bytes = file.bytes(maxBytes);
    assertDigest(place, `${name}_sha256`, recorded.sha256, sumBytes(bytes), code);
    return bytes;
  });
}

/** Refuses two digests (hexadecimal) that are not the same. @throws BootPreviewError of `code` */
export function assertDigest(
  document: { readonly path: string },
  field: string,
  recorded: string,
  found: string,
  code: BootPreviewErrorCode,
): void {
  if (recorded === found) return;
  throw refusal(
    code,
    document.path,
    field,
    `expected ${formatDigest(recorded)}, found ${formatDigest(found)}`,
    {
      fix: 'restore what was recorded, or record anew',
    },
  );
}
