// SPDX-License-Identifier: Apache-2.0
import type { FatReader } from '../fat/fat.js';
import { openFat } from '../fat/open.js';
import type { ByteSource } from '../layout/source.js';
import { below, type ImageEntry, notA } from './entry.js';
import type { Tree } from './tree.js';

/** Opens the files of a FAT volume. @throws ImageError as `openFat` */
export function fatTree(source: ByteSource): Tree {
  const volume = openFat(source);
  return {
    format: 'fat',
    root: folderOf(volume, ''),
    isNamed: (name, wanted) => name.toUpperCase() === wanted.toUpperCase(),
  };
}

function folderOf(volume: FatReader, path: string): ImageEntry {
  return {
    path,
    type: 'folder',
    size: 0,
    mode: undefined,
    target: undefined,
    open: notA('file', path),
    list: () =>
      volume.list(path).map(({ name, kind, size }) => {
        const child = below(path, name);
        return kind === 'folder' ? folderOf(volume, child) : fileOf(volume, child, size);
      }),
  };
}

const fileOf = (volume: FatReader, path: string, size: number): ImageEntry => ({
  path,
  type: 'file',
  size,
  mode: undefined,
  target: undefined,
  open: () => volume.open(path),
  list: notA('folder', path),
});
