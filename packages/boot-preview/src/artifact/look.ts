// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, ImageError } from '@latticra/disk-image';
import { type Inspection, inspect } from '@latticra/disk-image/inspect';
import { measureHeld } from '@latticra/held-files/anchor';
import { refusal } from '../error.js';
import { assertDigest } from '../files/check.js';
import { type HeldPlace, holdFile } from '../files/inside.js';
import type { RecordedFile } from '../files/recorded.js';
import { heldSource } from '../files/source.js';

/**
 * Returns what `read` makes of a file that a manifest names.
 * @param field that names the file
 * @throws BootPreviewError `bad-image` by what was found, with what to do about it
 */
export function readContent<T>(place: Pick<HeldPlace, 'path'>, field: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    const { fix } = cause;
    throw refusal('bad-image', place.path, field, cause.message, {
      cause,
      ...(fix !== undefined && { fix }),
    });
  }
}

/** Refuses a file by what it was found to be. @throws BootPreviewError as {@link readContent} */
export function requireContent(
  place: Pick<HeldPlace, 'path'>,
  field: string,
  source: ByteSource,
  require: (inspection: Inspection) => unknown,
): void {
  readContent(place, field, () => require(inspect(source)));
}

/**
 * Measures a file that a manifest names and looks into it, both through one descriptor; refuses another digest than
 * stands there, and what is not what it is named as.
 * @param name of the two fields, without `_path` and `_sha256`
 * @throws BootPreviewError `path-escape`, `mismatch`, `bad-image`; HeldFileError
 */
export function checkContent(
  place: HeldPlace,
  name: string,
  recorded: RecordedFile,
  require: (inspection: Inspection) => unknown,
): Promise<void> {
  return holdFile(place, `${name}_path`, recorded.path, async (file) => {
    const { sha256 } = await measureHeld(file);
    assertDigest(place, `${name}_sha256`, recorded.sha256, sha256, 'mismatch');
    requireContent(place, `${name}_path`, heldSource(file), require);
    file.assertUnchanged();
  });
}
