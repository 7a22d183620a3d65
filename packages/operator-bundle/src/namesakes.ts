// SPDX-License-Identifier: Apache-2.0
import { foldedName } from '@latticra/held-files/anchor';
import { damaged, OperatorBundleError } from './error.js';

/** Two paths of which some file system takes one for the other. */
export interface Namesakes {
  readonly path: string;
  readonly other: string;
}

/**
 * Finds a path that cannot lie beside another one on every file system: a file or a folder with a name that one which folds case or
 * composition takes for that of another. Carried there, one of the two would be gone, or two folders would be one.
 * @param paths of files, with `/` between names
 */
export function namesakesAmong(paths: Iterable<string>): Namesakes | undefined {
  const taken = new Map<string, string>();
  for (const path of paths) {
    // Of a folder every file may name it, as long as it is named alike.
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      const folder = path.slice(0, end);
      const other = claim(taken, `${folder}/`);
      if (other !== undefined && other !== `${folder}/`) return { path, other: other.replace(/\/$/, '') };
    }
    const other = claim(taken, path) ?? taken.get(`${foldedName(path)}/`);
    if (other !== undefined) return { path, other: other.replace(/\/$/, '') };
  }
  return undefined;
}

/** Takes a path, and returns the one that has it already. */
function claim(taken: Map<string, string>, path: string): string | undefined {
  const key = foldedName(path);
  const other = taken.get(key) ?? taken.get(key.replace(/\/$/, ''));
  if (other === undefined) taken.set(key, path);
  return other;
}

const sayOf = ({ path, other }: Namesakes) =>
  `${path}: a file system that folds capitals or composed letters takes it for ${other}`;

/** Refuses files of which a bundle could not hold all on every file system. @throws OperatorBundleError `name-clash` */
export function refuseNamesakes(paths: Iterable<string>): void {
  const found = namesakesAmong(paths);
  if (found === undefined) return;
  throw new OperatorBundleError('name-clash', sayOf(found), {
    fix: 'rename one of the two, and evaluate the evidence again',
  });
}

/** Refuses a bundle with such files. @throws OperatorBundleError `damaged` */
export function assertNoNamesakes(paths: Iterable<string>): void {
  const found = namesakesAmong(paths);
  if (found !== undefined) throw damaged(sayOf(found));
}
