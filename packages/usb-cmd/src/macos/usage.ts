// SPDX-License-Identifier: Apache-2.0
import type { DeviceFacts, Learned } from '../facts.js';
import { MEMBER_PARTITION_TYPE } from '../partition-type.js';
import type { DiskInfo } from './disk-info.js';
import type { ListedDisk, ListedVolume } from './disk-list.js';

/** The facts about a disk that follow from what the running machine does with it. */
export type Usage = Pick<
  DeviceFacts,
  'mounted' | 'backsSystem' | 'holdsIso' | 'storageMember' | 'mountedNodes'
>;

/** Folders without which the machine does not run, or not start again. Sticks are mounted below `/Volumes`. */
const SYSTEM_FOLDER = /^\/$|^\/(System|private|nix)(\/|$)|^\/(Applications|Library|Users|usr|var|etc|opt)$/;

/** Volume managers whose disks diskutil does not lead back to the partitions that they lie on. */
const OPAQUE_MEMBER = /^(Apple_CoreStorage|Apple_RAID(_Offline)?|ZFS|6A898CC3-1DD2-11B2-99A6-080020736631)$/;

/**
 * What a partition table calls parts of something else: besides those an APFS container, Linux's LVM, RAID, LUKS and
 * swap, Windows' dynamic disks. Some have a name in diskutil, some only the GUID.
 */
const MEMBER_CONTENT = new RegExp(
  [
    OPAQUE_MEMBER.source,
    MEMBER_PARTITION_TYPE.source,
    '^(Apple_APFS(_\\w+)?|Linux_(LVM|RAID|Swap)|Microsoft LDM (Meta)?data)$',
  ].join('|'),
  'i',
);

/** What is known of the machine besides the disk itself; undefined where it could not be learned. */
export interface Machine {
  readonly disks: readonly ListedDisk[] | undefined;
  /** What `/` is on. */
  readonly root: DiskInfo | undefined;
}

/**
 * Finds out what the running machine does with a disk: what of it is mounted, whether the system or the image
 * is on it.
 * @param isoPath absolute path of the image, links followed, where there is one
 */
export function readUsage(disk: DiskInfo, { disks, root }: Machine, isoPath: string | undefined): Usage {
  const tree = disks === undefined ? undefined : treeOf(disk.name, disks);
  if (disks === undefined || tree === undefined) {
    return {
      mounted: 'unknown',
      backsSystem: 'unknown',
      holdsIso: 'unknown',
      storageMember: 'unknown',
      mountedNodes: [],
    };
  }
  const volumes = tree.flatMap((found) => found.volumes);
  const mountedVolumes = volumes.filter(({ mountPoint }) => mountPoint !== '');
  const isOpaque = disk.raid || volumes.some(({ content }) => OPAQUE_MEMBER.test(content));
  // Who does not see what `/` is on, or all of the disk, does not see either what else is mounted from it.
  const isWholeView =
    !isOpaque && tree.every(({ complete }) => complete) && disks.some(({ name }) => name === root?.wholeName);
  const orUnknown = (found: boolean): Learned => (found ? 1 : isWholeView ? 0 : 'unknown');
  const mounted = orUnknown(mountedVolumes.length > 0);
  return {
    mounted,
    backsSystem: orUnknown(
      tree.some(({ name }) => name === root?.wholeName) ||
        mountedVolumes.some(({ mountPoint }) => SYSTEM_FOLDER.test(mountPoint)),
    ),
    holdsIso:
      isoPath === undefined
        ? 'unknown'
        : orUnknown(mountedVolumes.some((volume) => volume === volumeOf(isoPath, disks))),
    storageMember:
      isOpaque || tree.length > 1 || volumes.some(({ content }) => MEMBER_CONTENT.test(content)) ? 1 : 0,
    mountedNodes: mountedVolumes.map(({ name }) => `/dev/${name}`),
  };
}

/** Returns the disk and every APFS container that lies on it; undefined when the list does not have the disk. */
function treeOf(name: string, disks: readonly ListedDisk[]): readonly ListedDisk[] | undefined {
  const tree = disks.filter((disk) => disk.name === name);
  for (const below of tree) {
    const parts = new Set(below.volumes.map((volume) => volume.name));
    tree.push(
      ...disks.filter((disk) => !tree.includes(disk) && disk.stores.some((store) => parts.has(store))),
    );
  }
  return tree.length === 0 ? undefined : tree;
}

/** Finds the volume that a path lies on: the one with the deepest mount point. */
function volumeOf(path: string, disks: readonly ListedDisk[]): ListedVolume | undefined {
  let deepest: ListedVolume | undefined;
  for (const volume of disks.flatMap((disk) => disk.volumes)) {
    if (isBelow(path, volume.mountPoint) && volume.mountPoint.length >= (deepest?.mountPoint.length ?? 0)) {
      deepest = volume;
    }
  }
  return deepest;
}

/**
 * Returns whether a path lies below a mount point. Neither case nor the composition of accents distinguishes
 * names, as on macOS's file systems.
 */
function isBelow(path: string, mountPoint: string): boolean {
  const fold = (name: string) => name.normalize('NFD').toLowerCase();
  if (mountPoint === '/') return true;
  return mountPoint !== '' && `${fold(path)}/`.startsWith(`${fold(mountPoint)}/`);
}
