// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { Identifiers, splitPath } from './names.js';
import type { IsoFile, IsoSpec } from './spec.js';

/** A file in the tree of a new volume. */
export interface FileNode {
  readonly name: string;
  readonly file: IsoFile;
}

/** A folder in the tree of a new volume. */
export interface FolderNode {
  readonly name: string;
  /** What it is called in its parent; a single NUL for the root. */
  readonly identifier: string;
  /** The root is its own parent. */
  readonly parent: FolderNode;
  /** Files and folders in the order of their identifiers, as records and path tables want them. */
  readonly children: readonly (
    | { readonly identifier: string; readonly folder: FolderNode }
    | { readonly identifier: string; readonly file: FileNode }
  )[];
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
  for (const file of spec.files) {
    const path = splitPath(file.path);
    const folder = enter(path.slice(0, -1), file.path);
    const name = path.at(-1) ?? '';
    if (folder.has(name))
      throw new ImageError('bad-name', `path ${JSON.stringify(file.path)} is given twice`);
    folder.set(name, file);
  }
  return growFolder('', '\0', names, undefined);
}

function growFolder(name: string, identifier: string, names: Names, parent?: FolderNode): FolderNode {
  const children: FolderNode['children'][number][] = [];
  const folder: FolderNode = {
    name,
    identifier,
    get parent() {
      return parent ?? folder;
    },
    children,
  };
  const identifiers = new Identifiers();
  for (const [childName, child] of [...names].sort(([a], [b]) => compare(a, b))) {
    const childIdentifier = identifiers.claim(childName, child instanceof Map);
    children.push(
      child instanceof Map
        ? { identifier: childIdentifier, folder: growFolder(childName, childIdentifier, child, folder) }
        : { identifier: childIdentifier, file: { name: childName, file: child } },
    );
  }
  const keys = new Map(children.map((child) => [child, sortKey(child.identifier)]));
  children.sort((a, b) => compare(keys.get(a) ?? '', keys.get(b) ?? ''));
  return folder;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Makes the key to sort by. Names and extensions compare as if padded with spaces (ECMA-119, 9.3), so the version
 * must not take part.
 */
const sortKey = (identifier: string) => identifier.replace(/;1$/, '');

/** Lists folders level by level, each level in the order of its parents: the order of the path tables (6.9.1). */
export function pathTableOrder(root: FolderNode): FolderNode[] {
  const ordered = [root];
  // The list grows while it is walked: that is what makes it breadth first.
  for (const folder of ordered) {
    for (const child of folder.children) if ('folder' in child) ordered.push(child.folder);
  }
  return ordered;
}
