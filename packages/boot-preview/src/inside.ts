// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { withStableFile } from '@latticra/held-files';
import { refusal } from './error.js';

/** Where a document lies that names files beside it. */
export interface DocumentPlace {
  /** The document, as it was given, for messages. */
  readonly path: string;
  /** Absolute folder that its paths start from. */
  readonly folder: string;
}

/** Whether a path, as a document writes it, names something below the document's own folder. */
export function staysInside(path: string): boolean {
  return (
    !path.includes('\\') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/**
 * The absolute path of a file that a document names, which has to lie below the document's folder, with no symbolic
 * link on the way: what is validated is then what travels with the document.
 * @param field that holds `path`
 * @throws BootPreviewError `path-escape`; HeldFileError for a file that is missing, unreadable or no regular file
 */
export async function fileInside(place: DocumentPlace, field: string, path: string): Promise<string> {
  const leads = (what: string) =>
    refusal('path-escape', place.path, field, `${JSON.stringify(path)} ${what}`, {
      fix: 'keep every file below the folder of the document, and as a file of its own',
    });
  if (!staysInside(path)) throw leads('does not lie below the folder of the document');
  const absolute = join(place.folder, path);
  await withStableFile(absolute, () => undefined);
  if ((await realpath(absolute)) !== join(await realpath(place.folder), path)) {
    throw leads('is, or lies behind, a symbolic link');
  }
  return absolute;
}
