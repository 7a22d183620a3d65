// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { createLayout, type Extent, layoutSource } from '../layout/layout.js';
import { type ByteSource, sliceSource } from '../layout/source.js';
import { type IsoBootEntry, readBootCatalog } from './boot-catalog.js';
import { findSystemUse, type IsoEntry, listDirectory, type VolumeContext } from './list.js';
import { type DirectoryRecord, parseRecord } from './record.js';
import { type Descriptors, type IsoVolume, readDescriptors } from './volume.js';

/** Which names of an image are read: those of Rock Ridge, of Joliet, or its identifiers. */
export type IsoNames = 'rock-ridge' | 'joliet' | 'plain';

export interface OpenIsoOptions {
  /** The names to read; by default the first kind that the image has, in the order in which Linux takes them. */
  readonly names?: IsoNames;
}

/** An ISO 9660 image that is being read. */
export interface IsoImage extends IsoVolume {
  /** Names and modes come from Rock Ridge. */
  readonly rockRidge: boolean;
  /** Where names come from. */
  readonly names: IsoNames;
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
 * Opens an ISO 9660 image: primary volume, Rock Ridge, Joliet, El Torito. Every method
 * ends, on whatever bytes, and throws an ImageError for what is damaged; nothing outside `source` is read.
 *
 * @throws ImageError `bad-magic`, `truncated`, `corrupt` or `unsupported`; `not-found` for names that were asked for and are
 *   not there
 */
export function openIso(source: ByteSource, options: OpenIsoOptions = {}): IsoImage {
  const descriptors = readDescriptors(source);
  const { size } = descriptors.volume;
  const { record, ...volume } = chooseTree(source, descriptors, options.names);
  const root: IsoEntry = {
    name: '',
    kind: 'folder',
    size: record.extent.size,
    extents: [record.extent],
    mode: undefined,
    unread: undefined,
    target: undefined,
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
    rockRidge: volume.skip !== undefined,
    names: volume.skip !== undefined ? 'rock-ridge' : volume.joliet ? 'joliet' : 'plain',
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
      const { kind, name, unread } = file;
      if (unread !== undefined)
        throw new ImageError('unsupported', `${JSON.stringify(name)} is ${unread}, which is not read here`);
      if (kind !== 'file') throw new ImageError('not-found', `${JSON.stringify(name)} is no file`);
      return joinExtents(source, file);
    },
    walk: () => walk(root, list, size),
  };
}

/** Finds the tree with the names that are wanted, or with the best that there are. */
function chooseTree(
  source: ByteSource,
  { root, joliet, volume: { size } }: Descriptors,
  wanted: IsoNames | undefined,
): VolumeContext & { readonly record: DirectoryRecord } {
  const rootOf = (view: DataView) => {
    const record = parseRecord(view, { size, joliet: false }, 'root directory record');
    if (!record.folder) throw new ImageError('corrupt', 'the root directory record is not of a directory');
    return record;
  };
  const record = rootOf(root);
  const skip = wanted === 'plain' ? undefined : findSystemUse({ source, size }, record.extent);
  if (skip !== undefined && wanted !== 'joliet') return { source, size, skip, joliet: false, record };
  if (wanted === 'rock-ridge' || (wanted === 'joliet' && !joliet)) {
    throw new ImageError(
      'not-found',
      `the image has no names of ${wanted === 'joliet' ? 'Joliet' : 'Rock Ridge'}`,
    );
  }
  if (joliet && wanted !== 'plain')
    return { source, size, skip: undefined, joliet: true, record: rootOf(joliet) };
  return { source, size, skip: undefined, joliet: false, record };
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
