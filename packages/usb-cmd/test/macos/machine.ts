// SPDX-License-Identifier: Apache-2.0
import type { MacosView } from '../../src/index.js';
import { type PlistSpec, writePlist } from './plist.js';

/** A partition or a volume of a made-up Mac. */
export interface VolumeSpec {
  readonly name: string;
  readonly content?: string;
  readonly mountPoint?: string;
  /** Where a snapshot of it is mounted in its place. */
  readonly snapshotMountPoint?: string;
}

/** A whole disk of a made-up Mac. */
export interface MacDiskSpec {
  readonly name: string;
  readonly bytes?: number;
  readonly content?: string;
  /** For a disk without partitions. */
  readonly mountPoint?: string;
  readonly partitions?: readonly VolumeSpec[];
  /** For an APFS container: what it lies on, and what is in it. */
  readonly stores?: readonly string[];
  readonly volumes?: readonly VolumeSpec[];
  /** What `diskutil info` says differently from a USB stick; undefined takes a key away. */
  readonly info?: Readonly<Record<string, PlistSpec | undefined>> | undefined;
}

export interface MacSpec {
  readonly disks: readonly MacDiskSpec[];
  /** The disk that `/` is on, and the volume. */
  readonly root: { readonly disk: string; readonly volume: string };
}

/** Returns the keys of `diskutil info -plist` for a whole disk, with the values of a USB stick. */
function infoOf({ name, bytes = 8e9, content, info = {} }: MacDiskSpec): PlistSpec {
  const all: Record<string, PlistSpec | undefined> = {
    Bootable: false,
    BusProtocol: 'USB',
    CanBeMadeBootable: false,
    Content: content ?? 'FDisk_partition_scheme',
    DeviceBlockSize: 512,
    DeviceIdentifier: name,
    DeviceNode: `/dev/${name}`,
    DeviceTreePath: 'IODeviceTree:/PCI0@0/XHC1@14',
    Ejectable: true,
    EjectableMediaAutomaticUnderSoftwareControl: false,
    EjectableOnly: true,
    FreeSpace: 0,
    GlobalPermissionsEnabled: false,
    IOKitSize: bytes,
    IORegistryEntryName: 'Maker & Sons "Stick" Media',
    Internal: false,
    MediaName: 'Stick',
    MediaType: 'Generic',
    MountPoint: '',
    OSInternalMedia: false,
    ParentWholeDisk: name,
    PartitionMapPartition: false,
    RAIDMaster: false,
    RAIDSlice: false,
    Removable: true,
    RemovableMedia: true,
    RemovableMediaOrExternalDevice: true,
    SMARTStatus: 'Not Supported',
    Size: bytes,
    SystemImage: false,
    TotalSize: bytes,
    VirtualOrPhysical: 'Physical',
    VolumeName: '',
    VolumeSize: 0,
    WholeDisk: true,
    Writable: true,
    WritableMedia: true,
    WritableVolume: false,
    ...info,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, PlistSpec] => entry[1] !== undefined),
  );
}

function listOf(disks: readonly MacDiskSpec[]): PlistSpec {
  const volume = ({ name, content, mountPoint, snapshotMountPoint }: VolumeSpec): PlistSpec => ({
    DeviceIdentifier: name,
    OSInternal: false,
    Size: 1e9,
    VolumeName: name,
    ...(content === undefined ? {} : { Content: content }),
    ...(mountPoint === undefined ? {} : { MountPoint: mountPoint }),
    ...(snapshotMountPoint === undefined
      ? {}
      : {
          MountedSnapshots: [
            { Sealed: 'Yes', SnapshotBSD: `${name}s1`, SnapshotMountPoint: snapshotMountPoint },
          ],
        }),
  });
  const parts = ({ partitions = [], volumes = [] }: MacDiskSpec) => [...partitions, ...volumes];
  return {
    AllDisks: disks.flatMap((disk) => [
      disk.name,
      ...parts(disk).flatMap(({ name, snapshotMountPoint }) =>
        snapshotMountPoint === undefined ? [name] : [name, `${name}s1`],
      ),
    ]),
    AllDisksAndPartitions: disks.map((disk) => ({
      Content: disk.content ?? 'FDisk_partition_scheme',
      DeviceIdentifier: disk.name,
      OSInternal: false,
      Partitions: (disk.partitions ?? []).map(volume),
      Size: disk.bytes ?? 8e9,
      ...(disk.mountPoint === undefined ? {} : { MountPoint: disk.mountPoint, VolumeName: 'X' }),
      ...(disk.stores === undefined
        ? {}
        : {
            APFSPhysicalStores: disk.stores.map((store) => ({ DeviceIdentifier: store })),
            APFSVolumes: (disk.volumes ?? []).map(volume),
          }),
    })),
    VolumesFromDisks: [],
    WholeDisks: disks.map(({ name }) => name),
  };
}

/** Returns a view in which `diskutil` prints what it would on that Mac, and nothing else is seen of it. */
export function macOf({ disks, root }: MacSpec): MacosView {
  return {
    async diskutil([verb, format, what]) {
      if (format !== '-plist') return undefined;
      if (verb === 'list') return writePlist(listOf(disks));
      if (what === '/') {
        const info = { DeviceIdentifier: root.volume, ParentWholeDisk: root.disk, WholeDisk: false };
        return writePlist(infoOf({ name: root.volume, info }));
      }
      const disk = disks.find(({ name }) => name === what);
      return disk === undefined ? undefined : writePlist(infoOf(disk));
    },
    async nodeIdentity(node) {
      const index = disks.findIndex(({ name }) => node.replace('/rdisk', '/disk') === `/dev/${name}`);
      return index === -1 ? undefined : `1.${index} ${300 + index}`;
    },
    follow: async (path) => path,
  };
}
