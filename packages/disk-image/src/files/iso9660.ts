// SPDX-License-Identifier: Apache-2.0
import type { IsoEntry } from '../iso9660/list.js';
import { type IsoImage, type IsoNames, openIso } from '../iso9660/open.js';
import type { ByteSource } from '../layout/source.js';
import { below, type ImageEntry, notA, notRead } from './entry.js';
import type { Tree } from './tree.js';

/** Opens the files of an ISO 9660 image. @throws ImageError as `openIso` */
export function isoTree(source: ByteSource, names: IsoNames | undefined): Tree {
  const image = openIso(source, names === undefined ? {} : { names });
  return {
    format: 'iso9660',
    root: entryOf(image, image.root, ''),
    isNamed: (name, wanted) =>
      image.names === 'rock-ridge' ? name === wanted : name.toUpperCase() === wanted.toUpperCase(),
  };
}

function entryOf(image: IsoImage, entry: IsoEntry, path: string): ImageEntry {
  const { kind, target, mode, size, unread } = entry;
  return {
    path,
    type: kind === 'other' && target !== undefined ? 'symbolic-link' : kind,
    unread,
    size: kind === 'file' ? size : 0,
    mode: mode === undefined ? undefined : mode & 0o7777,
    target,
    open:
      unread !== undefined
        ? notRead(unread, path)
        : kind === 'file'
          ? () => image.open(entry)
          : notA('file', path),
    list:
      kind === 'folder'
        ? () => image.list(entry).map((child) => entryOf(image, child, below(path, child.name)))
        : notA('folder', path),
  };
}
