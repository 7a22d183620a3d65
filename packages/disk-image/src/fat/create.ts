// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { createLayout, type Extent } from '../layout/layout.js';
import { bytesSource } from '../layout/source.js';
import { chooseGeometry } from './choose-geometry.js';
import type { FatOptions, FatVolume } from './fat.js';
import {
  BACKUP_SECTOR,
  FS_INFO,
  FS_INFO_SECTOR,
  formatBootSector,
  formatFsInfo,
} from './format-boot-sector.js';
import { formatFolder } from './format-folder.js';
import {
  clusterOffset,
  clusterSize,
  ENTRY_SIZE,
  type FatGeometry,
  FIRST_CLUSTER,
  fatOffset,
  rootOffset,
} from './geometry.js';
import { labelField } from './label.js';
import { tableSource } from './table-source.js';
import { dosTime } from './time.js';
import { buildTree, type FileNode, type FolderNode } from './tree.js';

/** Lists all folders, parents before their children, the root first. */
function listFolders(root: FolderNode): FolderNode[] {
  const folders = [root];
  for (const { children } of folders) {
    for (const { node } of children) if (node.kind === 'folder') folders.push(node);
  }
  return folders;
}

/** Which cluster each file and folder starts at, and where each run ends. */
interface Allocation {
  readonly firstClusters: ReadonlyMap<FileNode | FolderNode, number>;
  /** Last cluster of every run, ascending. */
  readonly ends: readonly number[];
  readonly used: number;
}

/** Hands out clusters in one run each: folders first, then files, in stored order. */
function allocate(geometry: FatGeometry, folders: readonly FolderNode[]): Allocation {
  const firstClusters = new Map<FileNode | FolderNode, number>();
  const ends: number[] = [];
  let next = FIRST_CLUSTER;
  const take = (node: FileNode | FolderNode, bytes: number) => {
    if (bytes === 0) return;
    firstClusters.set(node, next);
    next += Math.ceil(bytes / clusterSize(geometry));
    ends.push(next - 1);
  };
  folders.forEach((folder, index) => {
    // Room for the dot entries, or for the label; a chained root has at least one cluster.
    if (index > 0 || geometry.type === 32) take(folder, (folder.entries + 2) * ENTRY_SIZE);
  });
  for (const { children } of folders) {
    for (const { node } of children) if (node.kind === 'file') take(node, node.content.size);
  }
  const used = next - FIRST_CLUSTER;
  if (used > geometry.clusters) {
    throw new ImageError(
      'too-large',
      `the files need ${used} clusters of ${clusterSize(geometry)} bytes, the volume has ${geometry.clusters}`,
      { fix: 'make the volume larger' },
    );
  }
  return { firstClusters, ends, used };
}

function bootExtents(geometry: FatGeometry, options: FatOptions, used: number): Extent[] {
  const boot = formatBootSector(geometry, {
    labelField: labelField(options.label),
    volumeId: options.volumeId,
  });
  const at = (sector: number, bytes: Uint8Array): Extent => ({
    offset: sector * geometry.sectorSize,
    source: bytesSource(bytes),
  });
  if (geometry.type !== 32) return [at(0, boot)];
  const free = geometry.clusters - used;
  const info = formatFsInfo(geometry.sectorSize, free, free > 0 ? FIRST_CLUSTER + used : FS_INFO.unknown);
  return [0, BACKUP_SECTOR].flatMap((sector) => [at(sector, boot), at(sector + FS_INFO_SECTOR, info)]);
}

/**
 * Plans a FAT volume. Nothing is read yet; every file lies in one piece, at the place the result names.
 * @throws ImageError `too-large` when the files do not fit, `bad-name` for paths and labels that FAT cannot
 * hold or tell apart, `out-of-range` for numbers that make no volume
 */
export function createFat(options: FatOptions): FatVolume {
  const { volumeId, timestamp } = options;
  if (!Number.isInteger(volumeId) || volumeId < 0 || volumeId > 0xffffffff) {
    throw new ImageError('out-of-range', `volume id ${volumeId}: expected a 32-bit number`);
  }
  if (!Number.isFinite(timestamp))
    throw new ImageError('out-of-range', `time stamp ${timestamp}: expected seconds`);
  const root = buildTree(options);
  const geometry = chooseGeometry(options, root.entries + 1);
  const folders = listFolders(root);
  const { firstClusters, ends, used } = allocate(geometry, folders);
  const offsetOf = (node: FileNode | FolderNode) => {
    const cluster = firstClusters.get(node);
    return cluster === undefined ? 0 : clusterOffset(geometry, cluster);
  };
  const time = dosTime(timestamp);
  const parents = new Map(
    folders.flatMap((folder) => folder.children.map(({ node }) => [node, folder] as const)),
  );
  const folderExtents = folders.map((folder): Extent => {
    const bytes = formatFolder(folder, {
      time,
      firstClusters,
      parent: parents.get(folder),
      label: options.label,
    });
    return { offset: offsetOf(folder) || rootOffset(geometry), source: bytesSource(bytes) };
  });
  const files = folders.flatMap(({ children }) =>
    children.flatMap(({ node }) => (node.kind === 'file' ? [node] : [])),
  );
  const table = tableSource(geometry.type, ends);
  const layout = createLayout(options.size, [
    ...bootExtents(geometry, options, used),
    ...[0, 1].map((copy): Extent => ({ offset: fatOffset(geometry, copy), source: table })),
    ...folderExtents,
    ...files.map((file): Extent => ({ offset: offsetOf(file), source: file.content })),
  ]);
  const placed = files.map((file) => ({ path: file.path, offset: offsetOf(file), size: file.content.size }));
  placed.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { layout, type: geometry.type, clusterSize: clusterSize(geometry), files: placed };
}
