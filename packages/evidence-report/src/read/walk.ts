// SPDX-License-Identifier: Apache-2.0
import { type AnchoredFolder, safeName } from '@latticra/held-files/anchor';
import { EvidenceReportError } from '../error.js';

/** The most files of a folder, and of folders within folders, that a page is made of. */
export const MAX_FILES = 100_000;
export const MAX_DEPTH = 16;

/**
 * Visits every file of a folder and of those in it, each folder held by its descriptor meanwhile; the order is that of the names' bytes.
 * @param visit takes the folder, the name in it, and the path from the first folder
 * @param isLeftOut whether what has a path is passed over, a folder with all that is in it: then nothing of it is looked at
 * @throws EvidenceReportError `link` for anything but files and folders, `too-many`; HeldFileError `unsafe-name` and others
 */
export async function walk(
  root: AnchoredFolder,
  visit: (folder: AnchoredFolder, name: string, path: string) => Promise<void>,
  isLeftOut: (path: string) => boolean = () => false,
): Promise<void> {
  let count = 0;
  const enter = async (folder: AnchoredFolder, prefix: string, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH) throw tooMany(`${folder.path}: more than ${MAX_DEPTH} folders within each other`);
    for (const listed of folder.list().names) {
      const name = safeName(listed, `${folder.path}/`);
      const path = `${prefix}${name}`;
      if (isLeftOut(path)) continue;
      const stats = folder.lstat(name);
      if (stats?.isDirectory() === true) {
        const inner = folder.openFolder(name, stats);
        try {
          await enter(inner, `${path}/`, depth + 1);
        } finally {
          inner.close();
        }
      } else if (stats === undefined || stats.isFile()) {
        if (++count > MAX_FILES) throw tooMany(`${root.path}: more than ${MAX_FILES} files`);
        await visit(folder, name, path);
      } else {
        const what = stats.isSymbolicLink() ? 'a link' : 'no regular file';
        throw new EvidenceReportError(
          'link',
          `${folder.path}/${name}: is ${what}, expected files and folders`,
          {
            fix: 'put the file itself there, or take it away',
          },
        );
      }
    }
  };
  await enter(root, '', 0);
}

/** Makes the error about a folder that is too much for a page. */
export const tooMany = (message: string) =>
  new EvidenceReportError('too-many', message, { fix: 'name the folder of one release' });
