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
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const within = (rest: readonly string[]) => {
    const full = [...folder.split('/').filter((name) => name !== ''), ...rest].join('/');
    return files.find((file) => file.path === full);
  };
  const here = path.startsWith('/') ? undefined : within(names);
  if (here !== undefined) return here;
  let best: { file: EvidenceFile; length: number } | undefined;
  for (const file of files) {
    const length = sharedEnd(names, file.path.split('/'));
    if (length >= 2 && length > (best?.length ?? 0)) best = { file, length };
  }
  return best?.file ?? within(names.slice(-1));
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
