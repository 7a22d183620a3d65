// SPDX-License-Identifier: Apache-2.0
import { lendFiles, openAnchor, type ReadableFolder } from '@latticra/held-files/anchor';
import { PromotionError } from '../error.js';
import { type FolderOptions, readFolder } from './folder.js';
import { MOST_FILES, tooMany } from './list.js';
import type { Evidence, Piece, Refused } from './piece.js';
import { reasonFor } from './reason.js';

/** The deepest folder that is looked into. */
const DEEPEST = 32;

/**
 * Walks a folder of evidence once: each file is read once and told by its content, never by its name. Nothing outside the folder
 * is looked at: a link is named among what is refused. What is malformed or cannot be read is named as well, and the others are
 * looked at all the same.
 * @param root absolute
 * @throws HeldFileError for a folder that is not there; PromotionError `bad-evidence` for one with too many files
 */
export async function walkEvidence(root: string, options: FolderOptions): Promise<Evidence> {
  const pieces: Piece[] = [];
  const refused: Refused[] = [];
  let folders = 0;
  const visit = async (folder: ReadableFolder, prefix: string, depth: number): Promise<void> => {
    const found = await readFolder(folder, prefix, root, options);
    for (const each of found.pieces) pieces.push(each);
    for (const each of found.refused) refused.push(each);
    folders += found.folders.length;
    if (pieces.length + refused.length + folders > MOST_FILES) throw tooMany(root);
    for (const { name, stats } of found.folders) {
      const path = prefix + name;
      if (depth === DEEPEST) {
        refused.push({ path, reason: `lies deeper than ${DEEPEST} folders` });
        continue;
      }
      try {
        const inner = folder.openFolder(name, stats);
        try {
          await visit(inner, `${path}/`, depth + 1);
        } finally {
          inner.close();
        }
      } catch (error) {
        if (error instanceof PromotionError) throw error;
        refused.push({ path, reason: reasonFor(error) });
      }
    }
  };
  // Refused by its own path where it is not there.
  openAnchor(root).close();
  // What is said of a file is to be the same on another machine.
  const held = openAnchor(root, { label: '.' });
  const folder = options.lent === undefined ? held : lendFiles(held, options.lent);
  try {
    await visit(folder, '', 1);
  } finally {
    folder.close();
  }
  const byPath = (a: { readonly path: string }, b: { readonly path: string }) =>
    a.path < b.path ? -1 : Number(a.path > b.path);
  return { root, pieces: pieces.sort(byPath), refused: refused.sort(byPath), lent: options.lent };
}
