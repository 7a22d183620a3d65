// SPDX-License-Identifier: Apache-2.0
import type { AnchoredFolder } from '@latticra/held-files/anchor';

/** The files that mark a folder, with what has to be in them: by its name alone a file says nothing. */
const MARKS: readonly (readonly [name: string, content: RegExp])[] = [
  // A cache, https://bford.info/cachedir: the file begins with this.
  ['CACHEDIR.TAG', /^Signature: 8a477f597d28d172789f06886806bc55/],
  // A Python environment, PEP 405: where its Python comes from.
  ['pyvenv.cfg', /^[ \t]*home[ \t]*=[ \t]*\S/im],
];

/** The largest mark, in bytes: they are of some lines. */
const MAX_MARK_BYTES = 1 << 16;

/**
 * Returns whether a file in a folder says that the folder can be made again.
 * @throws HeldFileError for a mark that cannot be read
 */
export function isMarkedAsMade(folder: AnchoredFolder): boolean {
  return MARKS.some(([name, content]) => beginsLike(folder, name, content));
}

/**
 * Returns whether what is called `.git` in a folder is what git makes: the folder of a clone, or the file of a worktree or
 * submodule that says where that lies.
 * @throws HeldFileError for one that cannot be opened
 */
export function isOfGit(folder: AnchoredFolder): boolean {
  if (folder.lstat('.git')?.isDirectory() !== true) return beginsLike(folder, '.git', /^gitdir: ./);
  const inside = folder.openFolder('.git');
  try {
    return inside.lstat('HEAD') !== undefined && inside.lstat('objects')?.isDirectory() === true;
  } finally {
    inside.close();
  }
}

/** Returns whether a name is that of a small regular file with such content. */
function beginsLike(folder: AnchoredFolder, name: string, content: RegExp): boolean {
  const stats = folder.lstat(name);
  if (stats === undefined || !stats.isFile() || stats.nlink !== 1n || stats.size > MAX_MARK_BYTES)
    return false;
  const file = folder.openFile(name, stats);
  try {
    return content.test(file.bytes(MAX_MARK_BYTES).toString('latin1'));
  } finally {
    file.close();
  }
}
