// SPDX-License-Identifier: Apache-2.0
import { relative } from 'node:path';
import { NONE, path, type Scalar, where } from '@latticra/evidence-format/define';

/** Stands where a signature's path would, for an image that is knowingly handed over unsigned. */
export const UNSIGNED_LOCAL = 'unsigned-local';

/** The path of a file: none of the words that stand for no file. */
export const filePath: Scalar<string> = where(path, (value) => value !== UNSIGNED_LOCAL, 'a path');

/**
 * Returns an absolute path as a manifest writes it: as it is, or relative to a folder. A file that is called like one of
 * the words that stand for no file must not be read back as that word.
 */
export function writtenPath(absolute: string, relativeTo: string | undefined): string {
  const written = relativeTo === undefined ? absolute : relative(relativeTo, absolute);
  return written === NONE || written === UNSIGNED_LOCAL ? `./${written}` : written;
}
