// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { createLayout, type Extent, layoutSource } from '../layout/layout.js';
import { type ByteSource, sliceSource } from '../layout/source.js';
import { type IsoBootEntry, readBootCatalog } from './boot-catalog.js';
import { findSystemUse, type IsoEntry, listDirectory, type VolumeContext } from './list.js';
import { parseRecord } from './record.js';
import { type IsoVolume, readDescriptors } from './volume.js';

/** An ISO 9660 image that is being read. */
export interface IsoImage extends IsoVolume {
  /** Names and modes come from Rock Ridge. */
  readonly rockRidge: boolean;
  readonly root: IsoEntry;
  /**
   * El Torito entries, the default one first; empty without a boot catalog, which is read when it is asked for.
   * @throws ImageError `truncated` or `corrupt` for a damaged catalog; the files can be read all the same
   */
  readonly boot: readonly IsoBootEntry[];
  /** Lists the entries of a folder. */
  list(folder: IsoEntry): IsoEntry[];
  /**
   * Finds the entry at a path like `EFI/BOOT/BOOTX64.EFI`. Rock Ridge names must match exactly, plain ISO 9660 names
   * in any case.
   * @throws ImageError `not-found`
   */
  find(path: string): IsoEntry;
  /** Opens a file for reading. */
  open(file: IsoEntry): ByteSource;
  /** Gives everything below the root, each folder before what is in it. */
  walk(): Generator<{ readonly path: string; readonly entry: IsoEntry }>;
}

/**
 * Opens an ISO 9660 image: primary volume, Rock Ridge, El Torito. Joliet is not looked at. Every method
 * ends, on whatever bytes, and throws an ImageError for what is damaged; nothing outside `source` is read.
 *
 * @throws ImageError `bad-magic`, `truncated`, `corrupt` or `unsupported`
 */
export function openIso(source: ByteSource): IsoImage {
  const descriptors = readDescriptors(source);
  const { size } = descriptors.volume;
  const record = parseRecord(descriptors.root, size, 'root directory record');
  if (!record.folder) throw new ImageError('corrupt', 'the root directory record is not of a directory');
  const skip = findSystemUse({ source, size }, record.extent);
  const volume: VolumeContext = { source, size, skip };
  const root: IsoEntry = {
    name: '',
    kind: 'folder',
    size: record.extent.size,
    extents: [record.extent],
    mode: undefined,
    plainName: true,
  };

  const list = (folder: IsoEntry): IsoEntry[] => {
    const [extent] = folder.extents;
    if (folder.kind !== 'folder' || !extent) {
      throw new ImageError('not-found', `${JSON.stringify(folder.name)} is no folder`);
    }
    return listDirectory(
      volume,
      extent,
      folder === root ? 'root directory' : `directory ${JSON.stringify(folder.name)}`,
    );
  };
  return {
    ...descriptors.volume,
    rockRidge: skip !== undefined,
    root,
    get boot() {
      return descriptors.bootCatalog === undefined ? [] : readBootCatalog(source, descriptors.bootCatalog);
    },
    list,
    find(path) {
      let found = root;
      for (const name of path.split('/').filter((part) => part !== '')) {
        const next = found.kind === 'folder' ? list(found).find((entry) => isNamed(entry, name)) : undefined;
        if (!next) throw new ImageError('not-found', `the image has no ${JSON.stringify(path)}`);
        found = next;
      }
      return found;
    },
    open(file) {
      if (file.kind !== 'file') throw new ImageError('not-found', `${JSON.stringify(file.name)} is no file`);
      return joinExtents(source, file);
    },
    walk: () => walk(root, list, size),
  };
}

function isNamed(entry: IsoEntry, name: string): boolean {
  return entry.plainName ? entry.name.toUpperCase() === name.toUpperCase() : entry.name === name;
}

function joinExtents(source: ByteSource, file: IsoEntry): ByteSource {
  const extents: Extent[] = [];
  let at = 0;
  for (const { offset, size } of file.extents) {
    if (size > 0) extents.push({ offset: at, source: sliceSource(source, offset, size) });
    at += size;
  }
  const [first] = extents;
  return extents.length === 1 && first ? first.source : layoutSource(createLayout(at, extents));
}

/**
 * Gives everything below a folder. In a sound volume no two directories share a sector, so all of them together are
 * no longer than it. That bounds the walk through a damaged one, whose folders may contain each other.
 */
function* walk(
  root: IsoEntry,
  list: (folder: IsoEntry) => IsoEntry[],
  volumeSize: number,
): Generator<{ path: string; entry: IsoEntry }> {
  const seen = new Set<number>();
  let read = 0;
  const pending = [{ path: '', entry: root }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { path, entry } = next;
    if (path !== '') yield next;
    if (entry.kind !== 'folder') continue;
    const offset = entry.extents[0]?.offset ?? 0;
    read += entry.size;
    if (seen.has(offset) || read > volumeSize) {
      throw new ImageError(
        'corrupt',
        `directory ${JSON.stringify(path)} is reached a second time, as in a cycle`,
      );
    }
    seen.add(offset);
    for (const child of list(entry).reverse()) {
      pending.push({ path: path === '' ? child.name : `${path}/${child.name}`, entry: child });
    }
  }
}
