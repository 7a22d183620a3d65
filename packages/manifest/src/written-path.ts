// SPDX-License-Identifier: Apache-2.0
import { relative } from 'node:path';
import { NONE, UNSIGNED_LOCAL } from './artifact/schema.js';

/**
 * An absolute path as a manifest writes it: as it is, or relative to a folder. A file that is called like one of
 * the words that stand for no file must not be read back as that word.
 */
export function writtenPath(absolute: string, relativeTo: string | undefined): string {
  const path = relativeTo === undefined ? absolute : relative(relativeTo, absolute);
  return path === NONE || path === UNSIGNED_LOCAL ? `./${path}` : path;
}
