// SPDX-License-Identifier: Apache-2.0
import { formatDigest } from '@latticra/evidence-format';
import { type Measurement, measureFile, readStableFile } from '@latticra/held-files';
import { type BootPreviewErrorCode, refusal } from './error.js';
import { type DocumentPlace, fileInside } from './inside.js';
import type { RecordedFile } from './recorded-file.js';

/**
 * Measures a file that the document at `place` names and compares it with what stands there of it.
 * @param name of the two fields, without `_path` and `_sha256`
 * @throws BootPreviewError `path-escape`, `mismatch`; HeldFileError
 */
export async function checkFile(
  place: DocumentPlace,
  name: string,
  recorded: RecordedFile,
): Promise<Measurement> {
  const path = await fileInside(place, `${name}_path`, recorded.path);
  const found = await measureFile(path);
  assertDigest(place, `${name}_sha256`, recorded.sha256, found.sha256, 'mismatch');
  return found;
}

/**
 * Reads a file that the document at `place` names, once: the bytes are those whose digest stands there.
 * @param options.maxBytes refuses a larger file
 * @param options.code what another digest means; `mismatch` unless given
 * @throws BootPreviewError `path-escape` and of `code`; HeldFileError, `too-large` among them
 */
export async function readRecorded(
  place: DocumentPlace,
  name: string,
  recorded: RecordedFile,
  { maxBytes, code = 'mismatch' }: { readonly maxBytes: number; readonly code?: BootPreviewErrorCode },
): Promise<Uint8Array> {
  const path = await fileInside(place, `${name}_path`, recorded.path);
  const { bytes, sha256 } = await readStableFile(path, { maxBytes });
  assertDigest(place, `${name}_sha256`, recorded.sha256, sha256, code);
  return bytes;
}

/**
 * Loads a document that the document at `place` names, once: what was parsed is what the digest there is of.
 * @throws as {@link checkFile}, and what `load` throws
 */
export async function loadRecorded<T extends { readonly sha256: string }>(
  place: DocumentPlace,
  name: string,
  recorded: RecordedFile,
  load: (path: string, cwd: string) => Promise<T>,
): Promise<T> {
  const path = await fileInside(place, `${name}_path`, recorded.path);
  const loaded = await load(path, place.folder).catch(async (cause: unknown) => {
    // Another file is refused as another, whatever is wrong in it.
    await checkFile(place, name, recorded);
    throw cause;
  });
  assertDigest(place, `${name}_sha256`, recorded.sha256, loaded.sha256, 'mismatch');
  return loaded;
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
