// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';

/** A file, folder or anything else in an image, whichever format that has. */
export interface ImageEntry {
  /** Names joined by `/`, from the root of its file system; what is no UTF-8 in a name is U+FFFD. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'symbolic-link' | 'other';
  /** How a file is kept that cannot be read here: `compressed`, `interleaved`. */
  readonly unread?: string | undefined;
  /** Bytes of a file; 0 for what has no content. */
  readonly size: number;
  /** Permissions, where the format has some. */
  readonly mode: number | undefined;
  /** What a symbolic link says. */
  readonly target: string | undefined;
  /** Opens a file for reading. @throws ImageError `not-found` for what is none, `unsupported` for one that is kept in a way that is not read here */
  open(): ByteSource;
  /** Lists what is in a folder. @throws ImageError `not-found` for what is none */
  list(): Iterable<ImageEntry>;
}

/** Makes the method of an entry that is no file, or no folder: it says so. */
export const notA = (what: 'file' | 'folder', path: string) => () => {
  throw new ImageError('not-found', `${JSON.stringify(path)} is no ${what}`);
};

/** Makes the method that opens a file which is kept in a way that is not read here: it says so. */
export const notRead = (unread: string, path: string) => () => {
  throw new ImageError('unsupported', `${JSON.stringify(path)} is ${unread}, which is not read here`, {
    fix: 'copy it from where the image is mounted, as with mount -o loop,ro',
  });
};

/** Puts a name behind the path of its folder. */
export const below = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);
