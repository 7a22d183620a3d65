// SPDX-License-Identifier: Apache-2.0
import { relative } from 'node:path';
import { NONE, path, type Scalar, where } from '@latticra/evidence-format/define';

/** The word in the place of a signature's path, for an image that is knowingly handed over unsigned. */
export const UNSIGNED_LOCAL = 'unsigned-local';

/** A path in a document, which is none of the words that stand for no file. */
export const filePath: Scalar<string> = where(path, (value) => value !== UNSIGNED_LOCAL, 'a path');

/**
 * Returns an absolute path as a manifest writes it: as it is, or relative to `relativeTo`. A file whose name is one of the
 * words that stand for no file gets `./` before it, so that it is not read back as that word.
 */
export function writtenPath(absolute: string, relativeTo: string | undefined): string {
  const written = relativeTo === undefined ? absolute : relative(relativeTo, absolute);
  return written === NONE || written === UNSIGNED_LOCAL ? `./${written}` : written;
}
