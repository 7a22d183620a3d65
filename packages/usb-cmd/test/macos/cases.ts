// SPDX-License-Identifier: Apache-2.0
import type { BlockedReason, DeviceFacts, MacosView } from '../../src/index.js';
import { type MacDiskSpec, type MacSpec, macOf } from './machine.js';
import { writePlist } from './plist.js';

/** Every Mac has this: a built-in SSD, and the APFS container on it that it starts from. */
const INTERNAL: MacDiskSpec = {
  name: 'disk0',
  bytes: 500e9,
  content: 'GUID_partition_scheme',
  partitions: [
    { name: 'disk0s1', content: 'Apple_APFS_ISC' },
    { name: 'disk0s2', content: 'Apple_APFS' },
    { name: 'disk0s3', content: 'Apple_APFS_Recovery' },
  ],
  info: {
    BusProtocol: 'Apple Fabric',
    Internal: true,
    Ejectable: false,
    Removable: false,
    RemovableMedia: false,
    RemovableMediaOrExternalDevice: false,
    IORegistryEntryName: 'APPLE SSD AP0512Q Media',
  },
};
const SYSTEM_VOLUMES = (container: string) => [
  { name: `${container}s1`, snapshotMountPoint: '/' },
  { name: `${container}s2`, mountPoint: '/System/Volumes/Preboot' },
  { name: `${container}s5`, mountPoint: '/System/Volumes/Data' },
  { name: `${container}s6`, mountPoint: '/System/Volumes/VM' },
];
const CONTAINER = 'EF57347C-0000-11AA-AA11-00306543ECAC';
const SYSTEM: MacDiskSpec = {
  name: 'disk3',
  bytes: 495e9,
  content: CONTAINER,
  stores: ['disk0s2'],
  volumes: SYSTEM_VOLUMES('disk3'),
  info: { ...INTERNAL.info, VirtualOrPhysical: 'Virtual' },
};
const ROOT = { disk: 'disk3', volume: 'disk3s1s1' };

const STICK: MacDiskSpec = {
  name: 'disk4',
  partitions: [
    { name: 'disk4s1', content: 'DOS_FAT_32' },
    { name: 'disk4s2', content: 'Apple_HFS' },
  ],
};
/** What is no stick but plugged in all the same: its medium stays in it. */
const EXTERNAL = { RemovableMedia: false, Removable: false, Ejectable: true };
const BUILT_IN_READER = { Internal: true, BusProtocol: 'Secure Digital' };
const withPartition = (content: string): MacDiskSpec => ({
  ...STICK,
  content: 'GUID_partition_scheme',
  partitions: [{ name: 'disk4s1', content }],
});
const APFS_STICK = [
  withPartition('Apple_APFS'),
  {
    name: 'disk5',
    content: CONTAINER,
    stores: ['disk4s1'],
    volumes: [{ name: 'disk5s1' }],
    info: { ...EXTERNAL, VirtualOrPhysical: 'Virtual' },
  },
] as const;

/** A Mac, a device of it, and what is to be said about that. */
export interface MacCase {
  readonly title: string;
  /** Besides the system's own. */
  readonly disks?: readonly MacDiskSpec[];
  readonly root?: MacSpec['root'];
  readonly device?: string;
  readonly isoPath?: string;
  /** Changes the answers of the machine. */
  readonly view?: (view: MacosView) => Partial<MacosView>;
  readonly reason: BlockedReason | undefined;
  readonly facts?: Partial<DeviceFacts>;
}

/** Returns the view of a case. */
export function viewOf({ disks = [STICK], root = ROOT, view }: MacCase): MacosView {
  const whole = macOf({ disks: [INTERNAL, SYSTEM, ...disks], root });
  return { ...whole, ...view?.(whole) };
}

/** Makes a diskutil that gives no answer, or another one, to a certain question. */
const answering =
  (question: string, answer: string | undefined) =>
  (view: MacosView): Partial<MacosView> => ({
    diskutil: async (argv) => (argv.join(' ') === question ? answer : view.diskutil(argv)),
  });

/** Makes a view in which the Mac turns into another one once the disks are listed. */
const turningInto =
  (disks: readonly MacDiskSpec[], identity?: string) =>
  (before: MacosView): Partial<MacosView> => {
    const after = macOf({ disks: [INTERNAL, SYSTEM, ...disks], root: ROOT });
    let view = before;
    return {
      diskutil: async (argv) => {
        if (argv[0] === 'list')
          view = { ...after, nodeIdentity: async (node) => identity ?? after.nodeIdentity(node) };
        return view.diskutil(argv);
      },
      nodeIdentity: (node) => view.nodeIdentity(node),
    };
  };

export const MAC_CASES: readonly MacCase[] = [
  {
    title: 'USB stick',
    reason: undefined,
    facts: { wholeDisk: 1, removable: 1, mounted: 0, backsSystem: 0, holdsIso: 0, sizeBytes: 8e9 },
  },
  { title: 'USB stick by its raw node', device: '/dev/rdisk4', reason: undefined },
  { title: 'USB hard disk', disks: [{ ...STICK, bytes: 2e12, info: EXTERNAL }], reason: undefined },
  {
    title: 'NVMe drive in a USB case',
    disks: [{ ...STICK, bytes: 1e12, info: { ...EXTERNAL, SolidState: true, SMARTStatus: 'Verified' } }],
    reason: undefined,
  },
  {
    title: 'SD card in a USB reader',
    disks: [{ ...STICK, bytes: 32e9, info: { IORegistryEntryName: 'Generic MassStorageClass Media' } }],
    reason: undefined,
  },
  {
    title: 'SD card in the built-in reader',
    disks: [{ ...STICK, bytes: 64e9, info: BUILT_IN_READER }],
    reason: undefined,
    facts: { removable: 1 },
  },
  {
    title: 'SD card in a built-in reader on USB',
    disks: [{ ...STICK, info: { Internal: true } }],
    reason: undefined,
  },
  {
    title: 'card reader without a card',
    disks: [{ ...STICK, bytes: 0, partitions: [] }],
    reason: 'no-medium',
  },
  {
    title: 'SD card with its lock on',
    disks: [{ ...STICK, info: { ...BUILT_IN_READER, Writable: false, WritableMedia: false } }],
    reason: 'read-only',
  },
  {
    title: 'USB stick smaller than the image',
    disks: [{ ...STICK, bytes: 512 * 1024 }],
    reason: 'too-small',
  },
  {
    title: 'USB stick with mounted volumes',
    disks: [
      {
        ...STICK,
        partitions: [
          { name: 'disk4s1', content: 'DOS_FAT_32', mountPoint: '/Volumes/NO NAME' },
          { name: 'disk4s2', content: 'Apple_HFS', mountPoint: '/Volumes/Größe' },
        ],
      },
    ],
    reason: 'mounted',
    facts: { mounted: 1, backsSystem: 0, holdsIso: 0, mountedNodes: ['/dev/disk4s1', '/dev/disk4s2'] },
  },
  {
    title: 'USB stick without a partition table, mounted',
    disks: [{ ...STICK, content: '', partitions: [], mountPoint: '/Volumes/STICK' }],
    reason: 'mounted',
  },
  {
    title: 'USB stick that holds the image',
    disks: [{ ...STICK, partitions: [{ name: 'disk4s1', mountPoint: '/Volumes/Gr\u00f6\u00dfe' }] }],
    isoPath: '/volumes/gro\u0308\u00dfe/os.iso',
    reason: 'holds-iso',
  },
  {
    title: 'USB stick that holds the image in an APFS volume',
    disks: [
      APFS_STICK[0],
      { ...APFS_STICK[1], volumes: [{ name: 'disk5s1', mountPoint: '/Volumes/Backup' }] },
    ],
    isoPath: '/Volumes/Backup/images/os.iso',
    reason: 'holds-iso',
    facts: { storageMember: 1, mountedNodes: ['/dev/disk5s1'] },
  },
  { title: 'USB stick with APFS, nothing mounted', disks: APFS_STICK, reason: 'storage-member' },
  {
    title: 'USB stick with APFS that could not be opened',
    disks: [withPartition('Apple_APFS')],
    reason: 'storage-member',
  },
  {
    title: 'USB stick with a part of a CoreStorage group',
    disks: [withPartition('Apple_CoreStorage')],
    reason: 'storage-member',
    facts: { mounted: 'unknown', backsSystem: 'unknown', holdsIso: 'unknown' },
  },
  { title: 'USB stick of an AppleRAID', disks: [withPartition('Apple_RAID')], reason: 'storage-member' },
  {
    title: 'USB stick of a ZFS pool',
    disks: [withPartition('6A898CC3-1DD2-11B2-99A6-080020736631')],
    reason: 'storage-member',
    facts: { mounted: 'unknown', backsSystem: 'unknown' },
  },
  {
    title: 'disk that an AppleRAID is made of',
    disks: [{ ...STICK, info: { RAIDSlice: true } }],
    reason: 'storage-member',
  },
  {
    title: 'USB stick with a Linux LVM volume',
    disks: [withPartition('Linux_LVM')],
    reason: 'storage-member',
  },
  {
    title: 'USB stick with a LUKS volume',
    disks: [withPartition('CA7D7CCB-63ED-4C53-861C-1742536059CC')],
    reason: 'storage-member',
  },
  {
    title: 'USB disk that the Mac runs from, through an APFS container',
    disks: [APFS_STICK[0], { ...APFS_STICK[1], volumes: SYSTEM_VOLUMES('disk5') }],
    root: { disk: 'disk5', volume: 'disk5s1s1' },
    reason: 'backs-system',
    facts: { backsSystem: 1, mounted: 1, storageMember: 1 },
  },
  {
    title: 'USB disk with the home folders',
    disks: [{ ...STICK, info: EXTERNAL, partitions: [{ name: 'disk4s1', mountPoint: '/Users' }] }],
    reason: 'backs-system',
  },
  { title: 'built-in SSD', device: '/dev/disk0', reason: 'system-disk-name' },
  {
    title: 'second built-in SSD',
    disks: [{ ...STICK, info: INTERNAL.info }],
    reason: 'not-removable',
  },
  {
    title: 'built-in SATA disk marked removable',
    disks: [{ ...STICK, info: { Internal: true, BusProtocol: 'SATA' } }],
    reason: 'not-removable',
  },
  {
    title: 'NVMe drive in a Thunderbolt case',
    disks: [{ ...STICK, info: { ...EXTERNAL, BusProtocol: 'PCI-Express' } }],
    reason: 'not-removable',
  },
  {
    title: '12 TB array on Thunderbolt',
    disks: [{ ...STICK, bytes: 12e12, info: { ...EXTERNAL, BusProtocol: 'SAS' } }],
    reason: 'not-removable',
  },
  {
    title: 'storage soldered to an internal USB port',
    disks: [{ ...STICK, info: { ...EXTERNAL, Internal: true } }],
    reason: 'not-removable',
  },
  {
    title: 'attached disk image',
    disks: [{ ...STICK, info: { BusProtocol: 'Disk Image', VirtualOrPhysical: 'Virtual' } }],
    reason: 'not-removable',
  },
  {
    title: 'the image itself, attached',
    disks: [
      {
        ...STICK,
        partitions: [{ name: 'disk4s1', mountPoint: '/Volumes/LATTICRA' }],
        info: { BusProtocol: 'Disk Image', WritableMedia: false },
      },
    ],
    reason: 'mounted',
    facts: { removable: 0, readOnly: 1 },
  },
  { title: 'APFS container of the system', device: '/dev/disk3', reason: 'partition' },
  { title: 'APFS container on a USB stick', disks: APFS_STICK, device: '/dev/disk5', reason: 'partition' },
  { title: 'partition', device: '/dev/disk4s1', reason: 'partition' },
  { title: 'APFS snapshot', device: '/dev/disk3s1s1', reason: 'partition' },
  { title: 'no such device', device: '/dev/disk9', reason: 'not-found' },
  {
    title: 'removable medium on a bus that tells nothing',
    disks: [{ ...STICK, info: { BusProtocol: 'FireWire' } }],
    reason: 'removable-unknown',
  },
  {
    title: 'USB stick that is not said to be outside',
    disks: [{ ...STICK, info: { Internal: undefined } }],
    reason: 'removable-unknown',
  },
  {
    title: 'USB stick that is not said to be writable',
    disks: [{ ...STICK, info: { WritableMedia: undefined } }],
    reason: 'read-only-unknown',
  },
  {
    title: 'USB stick of unknown size',
    disks: [{ ...STICK, info: { Size: undefined } }],
    reason: 'size-unknown',
  },
  {
    title: 'USB stick where disks cannot be listed',
    view: answering('list -plist', undefined),
    reason: 'backs-system-unknown',
  },
  {
    title: 'USB stick where the list leaves out one of its partitions',
    view: answering(
      'list -plist',
      writePlist({
        AllDisks: ['disk3', 'disk4', 'disk4s1'],
        AllDisksAndPartitions: [{ DeviceIdentifier: 'disk3' }, { DeviceIdentifier: 'disk4' }],
      }),
    ),
    reason: 'backs-system-unknown',
  },
  {
    title: 'USB stick where it cannot be told what `/` is on',
    view: answering('info -plist /', undefined),
    reason: 'backs-system-unknown',
  },
  {
    title: 'USB stick, and no diskutil',
    view: () => ({ diskutil: async () => undefined }),
    reason: 'not-inspected',
  },
  {
    title: 'USB stick of which diskutil tells an error',
    view: answering(
      'info -plist disk4',
      writePlist({ Error: true, ErrorMessage: 'Could not find disk: disk4', DeviceIdentifier: 'disk4' }),
    ),
    reason: 'not-inspected',
  },
  {
    title: 'USB stick in the place of which diskutil tells of another disk',
    view: answering('info -plist disk4', writePlist({ DeviceIdentifier: 'disk5', ParentWholeDisk: 'disk5' })),
    reason: 'not-inspected',
  },
  { title: 'USB stick that is pulled out meanwhile', view: turningInto([]), reason: 'changed' },
  {
    title: 'USB stick in the place of which another one is put meanwhile',
    view: turningInto([STICK], '1.4 999'),
    reason: 'changed',
  },
  {
    title: 'SD card that is exchanged meanwhile',
    view: turningInto([{ ...STICK, bytes: 16e9 }]),
    reason: 'changed',
  },
];
