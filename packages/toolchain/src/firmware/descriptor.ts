// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { errnoOf } from '@latticra/failure';
import { exhausted, ToolchainError } from '../error.js';
import { type Described, describedIn } from './described.js';

/** A firmware descriptor and where it was read. */
export interface Descriptor extends Described {
  readonly path: string;
}

function listFolder(folder: string): string[] {
  try {
    // Most of the folders are not there: an answer costs less than an exception.
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw (
      exhausted(folder, error) ??
      new ToolchainError('bad-descriptor', `${folder}: cannot be listed (${code})`, {
        cause: error,
        fix: 'make the folder readable, or name the firmware by its path',
      })
    );
  }
}

function readDescriptor(path: string): Descriptor | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text === '' ? undefined : { ...describedIn(JSON.parse(text)), path };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw (
      exhausted(path, error) ??
      new ToolchainError('bad-descriptor', `${path}: not a firmware descriptor: ${reason}`, {
        cause: error,
        fix: 'repair it, or mask it with an empty file of that name in /etc/qemu/firmware',
      })
    );
  }
}

/**
 * Reads all descriptors in order of preference: by file name, a name in an earlier folder replacing the same
 * name in a later one, an empty file removing the name.
 * @throws ToolchainError `bad-descriptor`: a choice made without it might be the wrong one
 */
export function readDescriptors(folders: readonly string[]): Descriptor[] {
  const paths = new Map<string, string>();
  for (const folder of folders) {
    for (const name of listFolder(folder)) if (!paths.has(name)) paths.set(name, `${folder}/${name}`);
  }
  return [...paths]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, path]) => readDescriptor(path))
    .filter((descriptor) => descriptor !== undefined);
}
