// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';
import type { ImageEntry } from './entry.js';
import { findIn, walkFrom } from './tree.js';
import { openVolume, type VolumeChoice } from './volume.js';

/** Options to open the files of an image. */
export interface OpenFilesOptions extends VolumeChoice {
  /** Entries that a walk goes through at most, a million by default. */
  readonly maxEntries?: number;
}

/** The files of an image, whatever it is. */
export interface ImageFiles {
  readonly format: 'iso9660' | 'fat' | 'erofs';
  /** What the file system lies in, from the outside in: `qcow2`, `partition 1`. */
  readonly within: readonly string[];
  readonly root: ImageEntry;
  /** Finds what stands at a path; links are not followed. @throws ImageError `not-found` */
  find(path: string): ImageEntry;
  /** Gives everything below an entry, the root unless given, each folder before what is in it. */
  walk(from?: ImageEntry): Generator<ImageEntry, void, undefined>;
}

const MAX_ENTRIES = 1_000_000;

/**
 * Opens the files of an image by what it is: an ISO (Rock Ridge, Joliet), a FAT volume or an EROFS file system; alone or in a
 * partition of a disk (GPT, MBR); as it is or in a qcow2 file. Every method ends, on whatever bytes.
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { bytesSource, readBytes } from '@latticra/disk-image';
 * import { openFiles } from '@latticra/disk-image/files';
 *
 * const files = openFiles(bytesSource(readFileSync('disk.qcow2')), { partition: 1 });
 * const config = files.find('loader/loader.conf').open();
 * console.log(new TextDecoder().decode(readBytes(config, 0, config.size)));
 *
 * @throws ImageError `ambiguous` where several partitions have files and none was chosen, `other-format` or `unsupported` for
 *   what has none that can be read here, and as the readers of each format do
 */
export function openFiles(source: ByteSource, options: OpenFilesOptions = {}): ImageFiles {
  const { within, ...tree } = openVolume(source, options);
  return {
    format: tree.format,
    within,
    root: tree.root,
    find: (path) => findIn(tree, path),
    walk: (from = tree.root) => walkFrom(from, options.maxEntries ?? MAX_ENTRIES),
  };
}
