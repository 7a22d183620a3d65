// SPDX-License-Identifier: Apache-2.0
import type { EvidenceFile } from '../read/content.js';

/**
 * Finds the file that a document names. A path from the document's folder is that file; so is one that is in the document's folder under
 * its bare name. Of a longer path it is the file that ends in as many of the same names as possible, in two at least: a folder of
 * evidence was moved, and its documents name where it was.
 */
export function findNamed(
  files: readonly EvidenceFile[],
  path: string | undefined,
  folder: string,
): EvidenceFile | undefined {
  if (path === undefined) return undefined;
  const { byPath, byName } = indexOf(files);
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const within = (rest: readonly string[]) =>
    byPath.get([...folder.split('/').filter((name) => name !== ''), ...rest].join('/'));
  const here = path.startsWith('/') ? undefined : within(names);
  if (here !== undefined || names.length < 2) return here ?? within(names);
  let best: { file: EvidenceFile; length: number } | undefined;
  for (const file of byName.get(names.slice(-2).join('/')) ?? []) {
    const length = sharedEnd(names, file.path.split('/'));
    if (length > (best?.length ?? 0)) best = { file, length };
  }
  return best?.file ?? within(names.slice(-1));
}

/** Returns the file of a path. */
export function fileAt(files: readonly EvidenceFile[], path: string): EvidenceFile | undefined {
  return indexOf(files).byPath.get(path);
}

/** The files of a folder by their path, and by their last two names. */
interface Index {
  readonly byPath: ReadonlyMap<string, EvidenceFile>;
  readonly byName: ReadonlyMap<string, readonly EvidenceFile[]>;
}

/** Kept for each list: a folder may have thousands of documents that each name files. */
const INDEXES = new WeakMap<readonly EvidenceFile[], Index>();

function indexOf(files: readonly EvidenceFile[]): Index {
  const known = INDEXES.get(files);
  if (known !== undefined) return known;
  const byName = new Map<string, EvidenceFile[]>();
  for (const file of files) {
    const name = file.path.split('/').slice(-2).join('/');
    const list = byName.get(name) ?? [];
    list.push(file);
    byName.set(name, list);
  }
  const index = { byPath: new Map(files.map((file) => [file.path, file])), byName };
  INDEXES.set(files, index);
  return index;
}

function sharedEnd(one: readonly string[], other: readonly string[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one.at(-1 - length) === other.at(-1 - length))
    length++;
  return length;
}

/** Returns the last name of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Returns a command or a text without the folders of absolute paths: they are another on every machine. */
export function withoutFolders(text: string): string {
  return text.replace(/(^|[\s='",:])\/(?:[^\s/'",=]+\/)+(?=[^\s/'",=])/g, '$1');
}
