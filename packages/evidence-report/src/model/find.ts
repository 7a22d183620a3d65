// SPDX-License-Identifier: Apache-2.0
import type { EvidenceFile } from '../read/content.js';

/**
 * Finds the file that a document names. A path from the document's folder is that file; of any other the file that ends in as many of
 * the same names as possible, at least in one: a folder of evidence was moved, and its documents name where it was.
 */
export function findNamed(
  files: readonly EvidenceFile[],
  path: string | undefined,
  folder: string,
): EvidenceFile | undefined {
  if (path === undefined) return undefined;
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const relative = [...folder.split('/').filter((name) => name !== ''), ...names].join('/');
  const here = path.startsWith('/') ? undefined : files.find((file) => file.path === relative);
  if (here !== undefined) return here;
  let best: { file: EvidenceFile; length: number } | undefined;
  for (const file of files) {
    const length = sharedEnd(names, file.path.split('/'));
    const isNearer = length === best?.length && file.folder === folder && best.file.folder !== folder;
    if (length > (best?.length ?? 0) || isNearer) best = { file, length };
  }
  return best?.file;
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
