// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { checkVolume } from './check.js';
import type { FatEntry, FatReader } from './fat.js';
import { foldName } from './long-name.js';
import { type FolderRef, Volume } from './volume.js';

/**
 * Opens a volume for reading, after {@link checkFat} has found no fault in it.
 * @throws ImageError as checkFat
 */
export function openFat(source: ByteSource): FatReader {
  const volume = new Volume(source);
  const check = checkVolume(volume);

  const missing = (path: string, why: string) =>
    new ImageError('not-found', `${JSON.stringify(path)} is not in the FAT volume: ${why}`);

  const lookUp = (folder: FolderRef, name: string, path: string): FatEntry => {
    const wanted = foldName(name);
    const found = volume
      .readFolder(folder)
      .entries.find((entry) => foldName(entry.name) === wanted || foldName(entry.shortName) === wanted);
    if (!found) throw missing(path, `folder ${JSON.stringify(folder.path)} has no ${JSON.stringify(name)}`);
    return found;
  };

  const enter = (names: readonly string[], path: string): FolderRef =>
    names.reduce((folder, name) => {
      const entry = lookUp(folder, name, path);
      if (entry.kind !== 'folder') throw missing(path, `${JSON.stringify(name)} is a file`);
      return volume.folder(folder, entry);
    }, volume.root);

  const split = (path: string) => path.split('/').filter((name) => name !== '');

  const locate = (path: string): { folder: FolderRef; entry: FatEntry } => {
    const names = split(path);
    const name = names.pop();
    if (name === undefined) throw missing(path, 'it names no file');
    const folder = enter(names, path);
    return { folder, entry: lookUp(folder, name, path) };
  };

  return {
    ...check,
    list: (path) => [...volume.readFolder(enter(split(path), path)).entries],
    find: (path) => locate(path).entry,
    open(path) {
      const { folder, entry } = locate(path);
      if (entry.kind === 'folder') throw missing(path, 'it is a folder');
      return volume.file(folder, entry);
    },
  };
}
