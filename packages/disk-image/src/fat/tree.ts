// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertAmount } from '../layout/amount.js';
import type { ByteSource } from '../layout/source.js';
import type { FatOptions } from './fat.js';
import { MAX_DEPTH, MAX_FOLDER_ENTRIES } from './geometry.js';
import { checkName, foldName, longEntryCount } from './long-name.js';
import { assignShortNames, type ShortName } from './short-name.js';

const MAX_FILE_SIZE = 0xffffffff;

export interface FileNode {
  readonly kind: 'file';
  readonly path: string;
  readonly content: ByteSource;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly path: string;
  /** In stored order. */
  readonly children: readonly Child[];
  /** Entries that the children take. */
  readonly entries: number;
}

/** A file or folder with the names its parent keeps for it. */
export interface Child {
  readonly name: string;
  readonly short: ShortName;
  readonly node: FileNode | FolderNode;
}

/** A folder while paths are still being sorted into it, its children by folded name. */
interface Draft {
  readonly kind: 'folder';
  readonly path: string;
  readonly children: Map<string, { readonly name: string; readonly node: FileNode | Draft }>;
}

const clash = (path: string, other: string) =>
  new ImageError(
    'bad-name',
    `${JSON.stringify(path)} and ${JSON.stringify(other)} cannot both exist: FAT ignores case`,
  );

/** Returns the folder that `names` lead to, made where it is missing. */
function enter(root: Draft, names: readonly string[], path: string): Draft {
  let folder = root;
  for (const name of names) {
    checkName(name, path);
    const own = folder.path === '' ? name : `${folder.path}/${name}`;
    const found = folder.children.get(foldName(name));
    if (found && (found.node.kind !== 'folder' || found.name !== name)) throw clash(path, found.node.path);
    const next: Draft =
      found?.node.kind === 'folder' ? found.node : { kind: 'folder', path: own, children: new Map() };
    if (!found) folder.children.set(foldName(name), { name, node: next });
    folder = next;
  }
  return folder;
}

function addFile(root: Draft, path: string, content: ByteSource): void {
  assertAmount(`the size of ${JSON.stringify(path)}`, content.size);
  if (content.size > MAX_FILE_SIZE) {
    throw new ImageError(
      'too-large',
      `${JSON.stringify(path)} has ${content.size} bytes, FAT files at most ${MAX_FILE_SIZE}`,
    );
  }
  const names = splitPath(path);
  const name = names.pop() ?? '';
  checkName(name, path);
  const { children } = enter(root, names, path);
  const found = children.get(foldName(name));
  if (found) throw clash(path, found.node.path);
  children.set(foldName(name), { name, node: { kind: 'file', path, content } });
}

function splitPath(path: string): string[] {
  const names = path.split('/');
  if (names.length > MAX_DEPTH) {
    throw new ImageError(
      'too-large',
      `${JSON.stringify(path)} is ${names.length} names deep, at most ${MAX_DEPTH} are written`,
    );
  }
  return names;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function finish(draft: Draft): FolderNode {
  const children = [...draft.children.values()].sort((a, b) => compare(a.name, b.name));
  const shorts = assignShortNames(children.map(({ name }) => name));
  const named = children.flatMap(({ name, node }, index): Child[] => {
    const short = shorts[index];
    return short ? [{ name, short, node: node.kind === 'file' ? node : finish(node) }] : [];
  });
  const entries = named.reduce(
    (sum, { name, short }) => sum + 1 + (short.needsLong ? longEntryCount(name) : 0),
    0,
  );
  // Two more for the dot entries, or one for the root's label.
  if (entries + 2 > MAX_FOLDER_ENTRIES) {
    throw new ImageError(
      'too-large',
      `folder ${JSON.stringify(draft.path)} needs ${entries} entries, at most ${MAX_FOLDER_ENTRIES} fit`,
    );
  }
  return { kind: 'folder', path: draft.path, children: named, entries };
}

/**
 * Sorts files and folders into a tree, ordered by name so that the order they were given in does not show.
 * @throws ImageError `bad-name` for names that cannot be written or told apart, `too-large` for files and
 * folders beyond what FAT can hold
 */
export function buildTree({ files, folders = [] }: Pick<FatOptions, 'files' | 'folders'>): FolderNode {
  const root: Draft = { kind: 'folder', path: '', children: new Map() };
  for (const path of folders) enter(root, splitPath(path), path);
  for (const { path, content } of files) addFile(root, path, content);
  return finish(root);
}
