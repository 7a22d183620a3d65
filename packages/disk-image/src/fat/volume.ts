// SPDX-License-Identifier: Apache-2.0

import { type ByteSource, readBytes } from '../layout/source.js';
import { Structure } from '../layout/structure.js';
import { chainSource, readChain } from './chain.js';
import type { FatEntry } from './fat.js';
import { clusterSize, ENTRY_SIZE, MAX_FOLDER_ENTRIES, rootOffset } from './geometry.js';
import { type BootSector, readBootSector } from './parse-boot-sector.js';
import { type ParsedFolder, parseFolder } from './parse-folder.js';
import { type FatTable, openTable } from './table.js';

/** A folder on the way through a volume. */
export interface FolderRef {
  /** `''` for the root. */
  readonly path: string;
  /** First cluster; 0 for the fixed root of FAT12 and FAT16. */
  readonly cluster: number;
  /** First cluster of the folder around it. */
  readonly parent: number;
  /** Folders around it: 0 for the root. */
  readonly depth: number;
}

type Claim = (cluster: number) => boolean;

/** A volume whose boot sector has been read; files and folders are read as they are asked for. */
export class Volume {
  readonly source: ByteSource;
  readonly boot: BootSector;
  readonly #table: FatTable;

  constructor(source: ByteSource) {
    this.source = source;
    this.boot = readBootSector(source);
    this.#table = openTable(source, this.boot.geometry);
  }

  get root(): FolderRef {
    const { rootCluster } = this.boot.geometry;
    return { path: '', cluster: rootCluster, parent: rootCluster, depth: 0 };
  }

  /** Returns the folder that an entry of `parent` stands for. */
  folder(parent: FolderRef, { name, firstCluster }: FatEntry): FolderRef {
    const path = parent.path === '' ? name : `${parent.path}/${name}`;
    return { path, cluster: firstCluster, parent: parent.cluster, depth: parent.depth + 1 };
  }

  readFolder(ref: FolderRef, claim?: Claim): ParsedFolder {
    const { geometry } = this.boot;
    const isRoot = ref.depth === 0;
    // The root is cluster 0 for a folder in it; some write its real number.
    const parentClusters = ref.depth === 1 ? [0, geometry.rootCluster] : [ref.parent];
    return parseFolder(this.#folderBytes(ref, claim), {
      path: ref.path,
      is32: geometry.type === 32,
      ...(isRoot ? {} : { self: { cluster: ref.cluster, parentClusters } }),
    });
  }

  /** Makes a source of the content of a file in `parent`. */
  file(parent: FolderRef, { name, size, firstCluster }: FatEntry, claim?: Claim): ByteSource {
    const { geometry } = this.boot;
    if (size === 0) return chainSource(this.source, geometry, [], 0);
    const count = Math.ceil(size / clusterSize(geometry));
    const what = `file ${JSON.stringify(parent.path === '' ? name : `${parent.path}/${name}`)}`;
    const limits = { what, least: count, most: count, ...(claim ? { claim } : {}) };
    return chainSource(this.source, geometry, readChain(geometry, this.#table, firstCluster, limits), size);
  }

  #folderBytes(ref: FolderRef, claim?: Claim): Structure {
    const { geometry } = this.boot;
    if (ref.cluster === 0) {
      return Structure.over(readBytes(this.source, rootOffset(geometry), geometry.rootEntries * ENTRY_SIZE));
    }
    const unit = clusterSize(geometry);
    const most = Math.max(1, Math.floor((MAX_FOLDER_ENTRIES * ENTRY_SIZE) / unit));
    const what = `folder ${JSON.stringify(ref.path)}`;
    const runs = readChain(geometry, this.#table, ref.cluster, {
      what,
      least: 1,
      most,
      ...(claim ? { claim } : {}),
    });
    const size = runs.reduce((sum, { count }) => sum + count, 0) * unit;
    return Structure.over(readBytes(chainSource(this.source, geometry, runs, size), 0, size));
  }
}
