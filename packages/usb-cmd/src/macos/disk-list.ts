// SPDX-License-Identifier: Apache-2.0
import { dictsOf, isDict, textOf, textsOf } from './dict.js';
import { type PlistDict, parsePlist } from './plist.js';

/** A whole disk itself, a partition, an APFS volume, or a snapshot of one. */
export interface ListedVolume {
  /** Without `/dev/`: `disk4s1`. */
  readonly name: string;
  /** The type that the partition table gives it, by name where diskutil has one; empty where there is none. */
  readonly content: string;
  /** Empty when it is not mounted. */
  readonly mountPoint: string;
}

/** A whole disk as `diskutil list -plist` has it. */
export interface ListedDisk {
  readonly name: string;
  /** The disk and everything on it. */
  readonly volumes: readonly ListedVolume[];
  /** For an APFS container, which macOS shows as a disk of its own: the partitions that it lies on. */
  readonly stores: readonly string[];
  /** Whether all that the list names of this disk is among `volumes`. */
  readonly complete: boolean;
}

/** Reads the whole disks of the machine from `diskutil list -plist`; undefined for what is no such list. */
export function parseDiskList(text: string): readonly ListedDisk[] | undefined {
  const list = parsePlist(text);
  if (!isDict(list) || !list.has('AllDisks') || !list.has('AllDisksAndPartitions')) return undefined;
  const names = textsOf(list, 'AllDisks');
  const disks = dictsOf(list, 'AllDisksAndPartitions')?.map((disk) => readDisk(disk, names ?? []));
  return names === undefined || !disks?.every((disk) => disk !== undefined) ? undefined : disks;
}

function readDisk(disk: PlistDict, allNames: readonly string[]): ListedDisk | undefined {
  const name = textOf(disk, 'DeviceIdentifier');
  const partitions = dictsOf(disk, 'Partitions');
  const apfsVolumes = dictsOf(disk, 'APFSVolumes');
  const stores = dictsOf(disk, 'APFSPhysicalStores');
  if (name === '' || !partitions || !apfsVolumes || !stores) return undefined;
  const volumes = [disk, ...partitions, ...apfsVolumes].map(readVolume);
  for (const volume of apfsVolumes) {
    const snapshots = dictsOf(volume, 'MountedSnapshots');
    if (snapshots === undefined) return undefined;
    volumes.push(...snapshots.map(readSnapshot));
  }
  const known = new Set(volumes.map((volume) => volume.name));
  return {
    name,
    volumes,
    stores: stores.map((store) => textOf(store, 'DeviceIdentifier')),
    complete: allNames.every((found) => wholeNameOf(found) !== name || known.has(found)),
  };
}

function readVolume(volume: PlistDict): ListedVolume {
  return {
    name: textOf(volume, 'DeviceIdentifier'),
    content: textOf(volume, 'Content'),
    mountPoint: textOf(volume, 'MountPoint'),
  };
}

/** Reads the mounted snapshot of a volume: since macOS 11 a sealed snapshot is mounted at `/`, not the volume. */
function readSnapshot(snapshot: PlistDict): ListedVolume {
  return {
    name: textOf(snapshot, 'SnapshotBSD'),
    content: '',
    mountPoint: textOf(snapshot, 'SnapshotMountPoint'),
  };
}

/** Returns the name of the whole disk: `disk4` for `disk4s1` and `disk4s1s1`. */
function wholeNameOf(name: string): string | undefined {
  return /^disk\d+/.exec(name)?.[0];
}
