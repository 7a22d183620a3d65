// SPDX-License-Identifier: Apache-2.0
import { type ErofsImage, type ErofsNamed, openErofs } from '../erofs/open.js';
import { bytesOf } from '../layout/bytes.js';
import type { ByteSource } from '../layout/source.js';
import { below, type ImageEntry, notA, notRead } from './entry.js';
import type { Tree } from './tree.js';

/** Opens the files of an EROFS file system. @throws ImageError as `openErofs` */
export function erofsTree(source: ByteSource): Tree {
  const image = openErofs(source);
  const root = { name: '', inode: image.root, target: undefined };
  return { format: 'erofs', root: entryOf(image, root, ''), isNamed: (name, wanted) => name === wanted };
}

/** Reads the bytes of a name, one character each, as the UTF-8 that they mostly are. */
const textOf = (name: string) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(name));

function entryOf(image: ErofsImage, named: ErofsNamed, path: string): ImageEntry {
  const { inode } = named;
  const { type } = inode;
  const unread = type === 'file' && inode.layout === 'compressed' ? 'compressed' : undefined;
  return {
    path,
    type: type === 'file' || type === 'folder' || type === 'symbolic-link' ? type : 'other',
    unread,
    size: type === 'file' ? inode.size : 0,
    mode: inode.mode & 0o7777,
    get target() {
      const { target } = named;
      return target === undefined ? undefined : textOf(target);
    },
    open:
      unread !== undefined
        ? notRead(unread, path)
        : type === 'file'
          ? () => image.open(inode)
          : notA('file', path),
    list: type === 'folder' ? () => children(image, named, path) : notA('folder', path),
  };
}

function* children(image: ErofsImage, { inode }: ErofsNamed, path: string): Generator<ImageEntry> {
  for (const child of image.list(inode)) yield entryOf(image, child, below(path, textOf(child.name)));
}
