// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertName, Identifiers, splitPath } from './names.js';
import type { IsoFile, IsoSpec } from './spec.js';

/** A file or folder by its identifier in a folder: a file's has no version yet. */
export type ChildNode =
  | { readonly identifier: string; readonly folder: FolderNode }
  | { readonly identifier: string; readonly name: string; readonly file: IsoFile };

/** A folder in the tree of a new volume. */
export interface FolderNode {
  readonly name: string;
  /** What it is called in its parent; a single NUL for the root. */
  readonly identifier: string;
  /** The root is its own parent. */
  readonly parent: FolderNode;
  /** Files and folders in the order of their identifiers, as records and path tables want them. */
  readonly children: readonly ChildNode[];
}

type Names = Map<string, Names | IsoFile>;

/**
 * Grows the folders that a list of files implies.
 * @throws ImageError `bad-name` for a path that cannot be written, is given twice, or runs through a file.
 */
export function growTree(spec: IsoSpec): FolderNode {
  const names: Names = new Map();
  const enter = (path: readonly string[], whole: string): Names =>
    path.reduce((folder, name) => {
      const found = folder.get(name) ?? new Map();
      if (!(found instanceof Map)) {
        throw new ImageError('bad-name', `path ${JSON.stringify(whole)} runs through a file`);
      }
      folder.set(name, found);
      return found;
    }, names);
  for (const path of spec.folders ?? []) enter(splitPath(path), path);
  // What is in one folder stands together in most lists, and the way there is gone once.
  let entered: { readonly path: string; readonly folder: Names } = { path: '', folder: names };
  for (const file of spec.files) {
    const from = file.path.lastIndexOf('/') + 1;
    const name = file.path.slice(from);
    if (from === entered.path.length && file.path.startsWith(entered.path)) assertName(name, file.path);
    else {
      const path = splitPath(file.path);
      entered = { path: file.path.slice(0, from), folder: enter(path.slice(0, -1), file.path) };
    }
    const { folder } = entered;
    if (folder.has(name))
      throw new ImageError('bad-name', `path ${JSON.stringify(file.path)} is given twice`);
    folder.set(name, file);
  }
  return growFolder('', '\0', names, undefined);
}

function growFolder(name: string, identifier: string, names: Names, parent?: FolderNode): FolderNode {
  const children: ChildNode[] = [];
  const folder: FolderNode = {
    name,
    identifier,
    get parent() {
      return parent ?? folder;
    },
    children,
  };
  const identifiers = new Identifiers();
  for (const childName of [...names.keys()].sort()) {
    const child = names.get(childName);
    const own = identifiers.claim(childName, child instanceof Map);
    if (child instanceof Map)
      children.push({ identifier: own, folder: growFolder(childName, own, child, folder) });
    else if (child) children.push({ identifier: own, name: childName, file: child });
  }
  // Names and extensions compare as if padded with spaces (ECMA-119, 9.3), so the version must not take part.
  children.sort((a, b) => compare(a.identifier, b.identifier));
  return folder;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Lists folders level by level, each level in the order of its parents: the order of the path tables (6.9.1). */
export function pathTableOrder(root: FolderNode): FolderNode[] {
  const ordered = [root];
  // The list grows while it is walked: that is what makes it breadth first.
  for (const folder of ordered) {
    for (const child of folder.children) if ('folder' in child) ordered.push(child.folder);
  }
  return ordered;
}
