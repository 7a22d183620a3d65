// SPDX-License-Identifier: Apache-2.0
/** The work of the rounds of a race, each of which returns what it got. */
import { lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnchoredFolder, Identity } from '../src/anchor/index.js';
import { INSIDE } from './race.js';

const BUFFER = Buffer.alloc(8192);

/** Reads the file `f`. */
export function read(folder: AnchoredFolder, observed?: Identity): 'inside' | 'OUTSIDE' {
  const file = folder.openFile('f', observed);
  try {
    const parts: string[] = [];
    file.read(BUFFER, (bytes) => parts.push(Buffer.from(bytes).toString('latin1')));
    return parts.join('') === INSIDE ? 'inside' : 'OUTSIDE';
  } finally {
    file.close();
  }
}

/** Lists a folder that {@link layFolder} made, and reads the file in it: both have to be of the same one. */
export function listAndRead(folder: AnchoredFolder): 'inside' | 'OUTSIDE' {
  const names = [...folder.list().names].map(String).join();
  return names === 'f,mark' ? read(folder) : 'OUTSIDE';
}

/** Replaces `r`; what is held then is what was written. */
export function write(folder: AnchoredFolder): 'published' | 'OUTSIDE' {
  folder.assertPrivate();
  const temporary = folder.createTemporary('r');
  try {
    temporary.write(Buffer.from(INSIDE));
    const file = temporary.publish();
    try {
      return file.bytes(INSIDE.length).toString() === INSIDE ? 'published' : 'OUTSIDE';
    } finally {
      file.close();
    }
  } finally {
    temporary.discard();
  }
}

/** Uses a folder, and closes it. */
export function inFolder(folder: AnchoredFolder, use: (folder: AnchoredFolder) => string): string {
  try {
    return use(folder);
  } finally {
    folder.close();
  }
}

/** Lays a folder with a file `f` to be read, told from others by its names. */
export function layFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  for (const name of ['f', 'mark']) writeFileSync(join(path, name), INSIDE);
}

/** Puts a link there, whatever was there before. */
export function layLink(to: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) return;
  rmSync(`${path}.new`, { force: true });
  symlinkSync(to, `${path}.new`);
  renameSync(`${path}.new`, path);
}
