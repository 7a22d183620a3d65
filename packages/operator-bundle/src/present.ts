// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readFailure } from '@latticra/held-files';
import { openAnchor, type ReadableFolder } from '@latticra/held-files/anchor';
import { compareBytes } from './byte-order.js';
import { damaged } from './error.js';
import { BUNDLE_FILE } from './names.js';

/** The deepest folder that a bundle has. */
const DEEPEST = 40;
const FOLDERS: readonly string[] = [BUNDLE_FILE.bootRecords, BUNDLE_FILE.promotion];

/** Lists a folder, of which nothing is opened. @throws HeldFileError */
export async function listFolder(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw readFailure(folder, error);
  });
}

/**
 * Lists the names of what lies in a bundle: files at its top, and those in the folders that a bundle has. Any other folder, and an empty
 * one, is listed by its own name.
 * @param root absolute
 * @throws OperatorBundleError `damaged` for a link; HeldFileError
 */
export async function presentIn(root: string): Promise<string[]> {
  const top = await listFolder(root);
  const link = top.find((entry) => entry.isSymbolicLink());
  if (link !== undefined) throw damaged(`${link.name}: is a link, expected the file itself`);
  return top.flatMap((entry) =>
    entry.isDirectory() && FOLDERS.includes(entry.name) ? listBelow(root, entry.name) : [entry.name],
  );
}

function listBelow(root: string, name: string): string[] {
  const held = openAnchor(join(root, name), { label: name });
  try {
    return filesIn(held, 1);
  } finally {
    held.close();
  }
}

function filesIn(folder: ReadableFolder, depth: number): string[] {
  const names = [...folder.list().names];
  // An empty folder is there as well.
  if (names.length === 0) return [folder.path];
  return names.flatMap((name) => {
    const path = `${folder.path}/${String(name)}`;
    const seen = folder.lstat(name);
    if (seen?.isSymbolicLink() === true) throw damaged(`${path}: is a link, expected the file itself`);
    if (seen?.isDirectory() !== true) return [path];
    if (depth === DEEPEST) throw damaged(`${path}: lies deeper than ${DEEPEST} folders`);
    const inner = folder.openFolder(name, seen);
    try {
      return filesIn(inner, depth + 1);
    } finally {
      inner.close();
    }
  });
}

/** Returns whether a name is one in a folder in which nothing that an operator does puts a file. */
export const isInFolder = (name: string): boolean =>
  FOLDERS.some((folder) => name === folder || name.startsWith(`${folder}/`));

/** Holds the names in a checksum file against what is there. @throws OperatorBundleError `damaged` */
export function assertListing(
  listed: readonly string[],
  present: readonly string[],
  onAdded: (name: string) => void,
): void {
  const sorted = [...listed].sort(compareBytes);
  if (listed.some((name, index) => name !== sorted[index])) {
    throw damaged(`${BUNDLE_FILE.checksums}: expected the names in byte order`);
  }
  const there = new Set(present);
  const missing = listed.find((name) => !there.has(name));
  if (missing !== undefined) throw damaged(`${missing}: has a checksum but is not there`);
  const known = new Set(listed);
  for (const name of [...present].sort(compareBytes)) {
    if (name !== BUNDLE_FILE.checksums && !known.has(name)) onAdded(name);
  }
}

/** Refuses a file that no checksum covers. */
export function refuseAdded(name: string): never {
  throw damaged(`${name}: is there but has no checksum`);
}

/** Refuses a file with another digest than its checksum. */
export function assertSum(name: string, expected: string | undefined, found: string): void {
  if (found !== expected) throw damaged(`${name}: expected sha256:${expected}, found sha256:${found}`);
}

/** Refuses checksums that cover other files than a bundle has by its rule. */
export function assertNames(expected: readonly string[], sums: ReadonlyMap<string, string>): void {
  const missing = expected.find((name) => !sums.has(name));
  if (missing !== undefined) throw damaged(`${missing}: a bundle has it, and it has no checksum`);
  const ours = new Set(expected);
  const other = [...sums.keys()].find((name) => !ours.has(name));
  if (other !== undefined) throw damaged(`${other}: has a checksum and is no file of a bundle`);
}
