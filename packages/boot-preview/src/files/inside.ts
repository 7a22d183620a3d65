// SPDX-License-Identifier: Apache-2.0
import { type AnchoredFile, type AnchoredFolder, openAnchor } from '@latticra/held-files/anchor';
import { refusal } from '../error.js';

/** The place of a document that names files beside it. */
export interface DocumentPlace {
  /** The document, as it was given, for messages. */
  readonly path: string;
  /** Absolute folder that its paths start from. */
  readonly folder: string;
}

/** A document whose folder is held: its files are reached through that folder, and through no path. */
export interface HeldPlace extends Pick<DocumentPlace, 'path'> {
  readonly folder: AnchoredFolder;
}

/** Returns whether a path, as a document writes it, names something below the document's own folder. */
export function staysInside(path: string): boolean {
  return (
    !path.includes('\\') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** Holds the folder of a document while its files are looked at. @throws HeldFileError as `openAnchor` */
export async function holdPlace<T>(
  { path, folder }: DocumentPlace,
  use: (place: HeldPlace) => Promise<T>,
): Promise<T> {
  const held = openAnchor(folder);
  try {
    return await use({ path, folder: held });
  } finally {
    held.close();
  }
}

/**
 * Holds a file that a document names, while `use` runs. It is reached through the document's folder, each folder on the
 * way is held while the next is looked for in it, and no symbolic link is followed. So what is validated is what travels
 * with the document, and nobody can put another file in its place in between.
 * @param field that holds `path`
 * @throws BootPreviewError `path-escape`
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or has a second name; `changed`
 */
export async function holdFile<T>(
  place: HeldPlace,
  field: string,
  path: string,
  use: (file: AnchoredFile) => T | Promise<T>,
): Promise<T> {
  return holdFolderOf(place, field, path, async (folder, name) => {
    assertNoLink(place, field, path, folder, name);
    const file = folder.openFile(name);
    try {
      return await use(file);
    } finally {
      file.close();
    }
  });
}

/**
 * Holds the folder of a file that a document names, in the same way.
 * @param use is given the name that the file has there
 * @throws as {@link holdFile}
 */
export async function holdFolderOf<T>(
  place: HeldPlace,
  field: string,
  path: string,
  use: (folder: AnchoredFolder, name: string) => Promise<T>,
): Promise<T> {
  if (!staysInside(path)) throw escapes(place, field, path, 'does not lie below the folder of the document');
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const opened: AnchoredFolder[] = [];
  try {
    let folder = place.folder;
    for (const part of parts) {
      assertNoLink(place, field, path, folder, part);
      folder = folder.openFolder(part);
      opened.unshift(folder);
    }
    return await use(folder, name);
  } finally {
    for (const folder of opened) folder.close();
  }
}

/** Refuses a symbolic link by name; one that appears after this look is not followed either. */
function assertNoLink(
  place: HeldPlace,
  field: string,
  path: string,
  folder: AnchoredFolder,
  name: string,
): void {
  if (folder.lstat(name)?.isSymbolicLink() !== true) return;
  throw escapes(place, field, path, 'is, or lies behind, a symbolic link');
}

const escapes = (place: HeldPlace, field: string, path: string, what: string) =>
  refusal('path-escape', place.path, field, `${JSON.stringify(path)} ${what}`, {
    fix: 'keep every file below the folder of the document, and as a file of its own',
  });
