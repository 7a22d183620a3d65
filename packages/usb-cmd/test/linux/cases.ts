// SPDX-License-Identifier: Apache-2.0
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AcceptedDevice, BlockedReason, DeviceFacts } from '../../src/index.js';
import {
  BUS,
  type DiskSpec,
  type MachineSpec,
  mountinfo,
  PORT_FILE,
  USB_NUMBER_FILE,
  USB_SERIAL_FILE,
} from './machine.js';

/** Every machine has this: a SATA disk that it starts from. */
export const SYSTEM: DiskSpec = {
  name: 'sda',
  number: '8:0',
  bus: BUS.sata,
  partitions: [
    { name: 'sda1', number: '8:1' },
    { name: 'sda2', number: '8:2' },
  ],
};
export const SYSTEM_MOUNTS = [
  ['8:2', '/', '/dev/sda2'],
  ['0:21', '/proc', 'proc'],
  ['8:1', '/boot/efi', '/dev/sda1'],
] as const;

export const STICK: DiskSpec = {
  name: 'sdb',
  number: '8:16',
  bus: BUS.usb,
  files: { removable: '1', [PORT_FILE]: 'removable' },
  partitions: [
    { name: 'sdb1', number: '8:17' },
    { name: 'sdb2', number: '8:18' },
  ],
};
const USB_DISK: DiskSpec = { ...STICK, bytes: 2e12, files: { [PORT_FILE]: 'removable' } };
const mapping = (name: string, number: string, holder?: string): DiskSpec => ({
  name,
  number,
  bus: BUS.virtual,
  ...(holder === undefined ? {} : { holders: { [name]: [holder] } }),
});
const udev = (number: string, type: string, usage = 'other') => ({
  [`/run/udev/data/b${number}`]: `S:disk/by-id/x\nE:ID_FS_TYPE=${type}\nE:ID_FS_USAGE=${usage}\n`,
});
const loop = (number: number, backing: string): DiskSpec => ({
  ...mapping(`loop${number}`, `7:${number}`),
  files: { 'loop/backing_file': backing },
  partitions: [{ name: `loop${number}p1`, number: `259:${number}` }],
});
const CARD: DiskSpec = {
  name: 'mmcblk0',
  number: '179:0',
  bus: BUS.mmc,
  files: { 'device/type': 'SD', 'device/serial': '0x1a2b3c4d' },
};
/** A USB stick that has the first name, on a machine that starts from NVMe. */
const FIRST_STICK: DiskSpec = {
  ...STICK,
  name: 'sda',
  number: '8:32',
  partitions: [],
  files: { ...STICK.files, [USB_NUMBER_FILE]: '2', [USB_SERIAL_FILE]: 'AA0001' },
};
const NVME: DiskSpec = { name: 'nvme0n1', number: '259:0', bus: BUS.nvme };

const UNSEEN = { mounted: 'unknown', backsSystem: 'unknown' } as const;

/** A machine, a device of it, and what is to be said about that. */
export interface Case extends Omit<MachineSpec, 'disks' | 'mounts'> {
  readonly title: string;
  readonly disks?: readonly DiskSpec[];
  /** Besides, or with `onlyMounts` in the place of, the system's own. */
  readonly mounts?: MachineSpec['mounts'];
  readonly onlyMounts?: boolean;
  /** In the place of the disk that every machine has. */
  readonly system?: DiskSpec;
  readonly accepted?: AcceptedDevice;
  readonly device?: string;
  readonly isoPath?: string;
  /** Changes the machine, whose files are under `root`, while it is looked at. */
  readonly meanwhile?: (root: string) => Promise<void>;
  readonly reason: BlockedReason | undefined;
  readonly facts?: Partial<DeviceFacts>;
}

export const CASES: readonly Case[] = [
  {
    title: 'USB stick',
    reason: undefined,
    facts: { sizeBytes: 8e9, removable: 1, mounted: 0, backsSystem: 0 },
  },
  {
    title: 'USB stick by its by-id link',
    links: { '/dev/disk/by-id/usb-Maker_Stick-0:0': 'sdb' },
    device: '/dev/disk/by-id/usb-Maker_Stick-0:0',
    reason: undefined,
  },
  { title: 'USB hard disk', disks: [USB_DISK], reason: undefined },
  { title: 'NVMe drive in a USB case', disks: [{ ...USB_DISK, bytes: 1e12 }], reason: undefined },
  {
    title: 'SD card in a USB reader',
    disks: [{ ...STICK, bytes: 32e9, partitions: [{ name: 'sdb1', number: '8:17' }] }],
    reason: undefined,
  },
  {
    title: 'SD card in a built-in USB reader',
    disks: [{ ...STICK, files: { removable: '1', [PORT_FILE]: 'fixed' } }],
    reason: undefined,
  },
  {
    title: 'SD card in a slot of its own',
    disks: [{ name: 'mmcblk1', number: '179:8', bus: BUS.mmc, files: { 'device/type': 'SD' } }],
    device: '/dev/mmcblk1',
    reason: undefined,
  },
  {
    title: 'card reader without a card',
    disks: [{ ...STICK, bytes: 0, partitions: [] }],
    reason: 'no-medium',
  },
  {
    title: 'empty slot beside the one with the card',
    disks: [STICK, { ...STICK, name: 'sdc', number: '8:32', bytes: 0, partitions: [] }],
    device: '/dev/sdc',
    reason: 'no-medium',
  },
  {
    title: 'slot of its own without a card',
    disks: [{ name: 'mmcblk1', number: '179:8', bytes: 0, bus: BUS.mmc, files: { 'device/type': 'SD' } }],
    device: '/dev/mmcblk1',
    reason: 'no-medium',
  },
  {
    title: 'SD card with its lock on',
    disks: [{ ...STICK, files: { ...STICK.files, ro: '1' } }],
    reason: 'read-only',
  },
  {
    title: 'USB stick smaller than the image',
    disks: [{ ...STICK, bytes: 512 * 1024 }],
    reason: 'too-small',
  },
  {
    title: 'USB stick with a mounted partition',
    mounts: [
      ['8:17', '/media/me/my\\040stick', '/dev/sdb1'],
      ['8:18', '/mnt', '/dev/sdb2'],
    ],
    reason: 'mounted',
    facts: { mounted: 1, backsSystem: 0, mountedNodes: ['/dev/sdb2', '/dev/sdb1'] },
  },
  {
    title: 'USB stick that is one member of a mounted btrfs',
    mounts: [['0:50', '/data', '/dev/sdc']],
    disks: [STICK, { ...mapping('sdc', '8:32'), bus: BUS.sata }],
    files: { '/sys/fs/btrfs/1234/devices/sdb1': '', '/sys/fs/btrfs/1234/devices/sdc': '' },
    reason: 'mounted',
  },
  {
    title: 'USB stick that holds the image',
    mounts: [['8:17', '/media/stick', '/dev/sdb1']],
    isoPath: '/media/stick/images/os.iso',
    reason: 'holds-iso',
  },
  {
    title: 'USB stick that holds the image in an encrypted volume',
    disks: [{ ...STICK, holders: { sdb1: ['dm-3'] } }, mapping('dm-3', '253:3')],
    mounts: [['253:3', '/media/stick', '/dev/mapper/luks-1']],
    isoPath: '/media/stick/os.iso',
    reason: 'holds-iso',
    facts: { storageMember: 1, mountedNodes: ['/dev/dm-3'] },
  },
  {
    title: 'USB stick that the machine runs from',
    mounts: [
      ['8:18', '/', '/dev/sdb2'],
      ['8:17', '/boot', '/dev/sdb1'],
    ],
    onlyMounts: true,
    reason: 'backs-system',
  },
  {
    title: 'USB disk under `/` through RAID, encryption and LVM',
    disks: [
      { ...USB_DISK, holders: { sdb2: ['md0'] } },
      mapping('md0', '9:0', 'dm-0'),
      mapping('dm-0', '253:0', 'dm-1'),
      mapping('dm-1', '253:1'),
    ],
    mounts: [['253:1', '/', '/dev/mapper/vg-root']],
    onlyMounts: true,
    reason: 'backs-system',
    facts: { mountedNodes: ['/dev/dm-1'], storageMember: 1 },
  },
  {
    title: 'USB stick with the EFI system partition',
    mounts: [['8:17', '/efi', '/dev/sdb1']],
    reason: 'backs-system',
  },
  {
    title: 'USB stick with active swap in an encrypted volume',
    disks: [{ ...STICK, holders: { sdb2: ['dm-3'] } }, mapping('dm-3', '253:3')],
    swaps: ['/dev/dm-3'],
    reason: 'backs-system',
  },
  { title: 'USB stick with active swap', swaps: ['/dev/sdb2'], reason: 'backs-system' },
  {
    title: 'USB stick with a swap file',
    mounts: [['8:17', '/mnt', '/dev/sdb1']],
    swaps: ['/mnt/swap\\040file'],
    reason: 'backs-system',
  },
  {
    title: 'USB stick in an active LVM group, nothing mounted',
    disks: [{ ...STICK, holders: { sdb1: ['dm-3'] } }, mapping('dm-3', '253:3')],
    reason: 'storage-member',
  },
  {
    title: 'USB stick with an unlocked encrypted volume, nothing mounted',
    disks: [{ ...STICK, holders: { sdb2: ['dm-3'] } }, mapping('dm-3', '253:3')],
    reason: 'storage-member',
  },
  {
    title: 'USB stick in a running RAID, nothing mounted',
    disks: [{ ...STICK, holders: { sdb: ['md127'] } }, mapping('md127', '9:127')],
    reason: 'storage-member',
  },
  {
    title: 'USB stick with swap that is not in use',
    files: udev('8:18', 'swap'),
    reason: 'storage-member',
  },
  {
    title: 'USB stick with an LVM volume, inactive',
    files: udev('8:17', 'LVM2_member'),
    reason: 'storage-member',
  },
  {
    title: 'USB stick of a RAID, inactive',
    files: udev('8:16', 'linux_raid_member'),
    reason: 'storage-member',
  },
  {
    title: 'USB stick with an encrypted volume, locked',
    files: udev('8:18', 'crypto_LUKS'),
    reason: 'storage-member',
  },
  {
    title: 'USB stick with a plain file system, not mounted',
    files: udev('8:17', 'vfat', 'filesystem'),
    reason: undefined,
  },
  { title: 'SATA disk', disks: [{ ...STICK, bus: BUS.sata, files: {} }], reason: 'not-removable' },
  {
    title: 'SATA disk marked removable by hot-plugging',
    disks: [{ ...STICK, bus: BUS.sata, files: { removable: '1' } }],
    reason: 'not-removable',
  },
  {
    title: '12 TB array on SATA',
    disks: [{ ...STICK, bytes: 12e12, bus: BUS.sata, files: {} }],
    reason: 'not-removable',
  },
  {
    title: 'NVMe drive',
    disks: [{ name: 'nvme1n1', number: '259:5', bus: BUS.nvme }],
    device: '/dev/nvme1n1',
    reason: 'not-removable',
  },
  {
    title: 'eMMC',
    disks: [{ name: 'mmcblk1', number: '179:8', bus: BUS.mmc, files: { 'device/type': 'MMC' } }],
    device: '/dev/mmcblk1',
    reason: 'not-removable',
  },
  {
    title: 'boot area of an eMMC',
    disks: [{ name: 'mmcblk1boot0', number: '179:16', bus: BUS.mmc, files: { 'device/type': 'MMC' } }],
    device: '/dev/mmcblk1boot0',
    reason: 'partition',
  },
  {
    title: 'virtio disk',
    disks: [{ name: 'vdb', number: '254:16', bus: BUS.virtio }],
    device: '/dev/vdb',
    reason: 'not-removable',
  },
  {
    title: 'storage soldered to an internal USB port',
    disks: [{ ...STICK, files: { [PORT_FILE]: 'fixed' } }],
    reason: 'not-removable',
  },
  {
    title: 'removable medium on a bus that tells nothing',
    disks: [{ ...STICK, bus: BUS.firewire, files: { removable: '1' } }],
    reason: 'removable-unknown',
  },
  { title: 'partition', device: '/dev/sdb1', reason: 'partition' },
  {
    title: 'by-id link to a partition',
    links: { '/dev/disk/by-id/usb-Maker_Stick-0:0-part1': 'sdb1' },
    device: '/dev/disk/by-id/usb-Maker_Stick-0:0-part1',
    reason: 'partition',
  },
  {
    title: 'by-id link to the first disk',
    links: { '/dev/disk/by-id/ata-Disk': 'sda' },
    device: '/dev/disk/by-id/ata-Disk',
    reason: 'system-disk-name',
  },
  {
    title: 'by-id link that leads nowhere',
    links: { '/dev/disk/by-id/usb-gone': 'sdz' },
    device: '/dev/disk/by-id/usb-gone',
    reason: 'not-found',
  },
  {
    title: 'the first disk, even on USB',
    disks: [{ ...STICK, name: 'sdc' }],
    device: '/dev/sda',
    reason: 'system-disk-name',
  },
  {
    title: 'device-mapper volume',
    disks: [mapping('dm-0', '253:0')],
    device: '/dev/dm-0',
    reason: 'not-a-disk',
  },
  {
    title: 'by-id link to a device-mapper volume',
    disks: [mapping('dm-0', '253:0')],
    links: { '/dev/disk/by-id/dm-name-vg-root': 'dm-0' },
    device: '/dev/disk/by-id/dm-name-vg-root',
    reason: 'not-a-disk',
  },
  { title: 'RAID', disks: [mapping('md0', '9:0')], device: '/dev/md0', reason: 'not-a-disk' },
  { title: 'loop device', disks: [mapping('loop0', '7:0')], device: '/dev/loop0', reason: 'not-a-disk' },
  { title: 'no such device', device: '/dev/sdq', reason: 'not-found' },
  {
    title: 'file of that name in `/dev`',
    files: { '/dev/sdq': 'not a device' },
    device: '/dev/sdq',
    reason: 'not-found',
  },
  {
    title: 'USB stick seen from a container',
    mounts: [['0:60', '/', 'overlay', 'overlay']],
    onlyMounts: true,
    pidNamespace: 4026532200,
    reason: 'partial-view',
    facts: UNSEEN,
  },
  {
    title: 'USB stick seen from a container with a subvolume for its `/`',
    pidNamespace: 4026532200,
    reason: 'partial-view',
    facts: UNSEEN,
  },
  {
    title: 'USB stick seen from a container that sees all processes',
    files: { '/proc/1/mountinfo': mountinfo([['8:2', '/', '/dev/sda2']], 1) },
    reason: 'partial-view',
    facts: UNSEEN,
  },
  {
    title: 'USB stick seen from a chroot on a bind mount',
    files: {
      '/proc/self/mountinfo': '500 400 8:2 /srv/chroot/x / rw - ext4 /dev/sda2 rw\n',
      '/proc/1/mountinfo': `${mountinfo(SYSTEM_MOUNTS)}500 400 8:2 /srv/chroot/x /srv/chroot/y rw - ext4 /dev/sda2 rw\n`,
    },
    reason: 'partial-view',
    facts: UNSEEN,
  },
  {
    title: 'USB stick seen from a mount namespace of its own',
    files: { '/proc/1/mountinfo': mountinfo(SYSTEM_MOUNTS, 700) },
    reason: 'partial-view',
    facts: UNSEEN,
  },
  {
    title: 'mounted USB stick seen from a mount namespace of its own',
    files: { '/proc/1/mountinfo': mountinfo(SYSTEM_MOUNTS, 700) },
    mounts: [['8:17', '/media/stick', '/dev/sdb1']],
    reason: 'mounted',
    facts: { mounted: 1, backsSystem: 'unknown' },
  },
  {
    title: 'SATA disk seen from a chroot',
    disks: [{ ...STICK, bus: BUS.sata, files: {} }],
    files: { '/proc/1/mountinfo': mountinfo(SYSTEM_MOUNTS, 700) },
    reason: 'not-removable',
  },
  {
    title: 'USB stick where other processes are hidden',
    without: ['/proc/1'],
    reason: 'view-unknown',
    facts: UNSEEN,
  },
  {
    title: 'USB stick where the PID namespace cannot be told',
    without: ['/proc/self/ns'],
    reason: 'view-unknown',
    facts: UNSEEN,
  },
  {
    title: 'USB stick where mounts cannot be read',
    files: { '/proc/self/mountinfo': 'nonsense\n' },
    reason: 'view-unknown',
    facts: UNSEEN,
  },
  {
    title: 'USB stick where `/` is composefs',
    mounts: [
      ['0:30', '/', 'composefs', 'overlay'],
      ['8:2', '/sysroot', '/dev/sda2'],
    ],
    onlyMounts: true,
    reason: 'root-on-no-disk',
    facts: UNSEEN,
  },
  {
    title: 'USB stick where `/` is ZFS',
    mounts: [['0:30', '/', 'rpool/ROOT/os', 'zfs']],
    onlyMounts: true,
    reason: 'root-on-no-disk',
    facts: UNSEEN,
  },
  {
    title: 'another USB stick on a live system',
    mounts: [['0:30', '/', 'overlay', 'overlay']],
    onlyMounts: true,
    reason: 'root-on-no-disk',
    facts: UNSEEN,
  },
  {
    title: 'USB stick of the live system',
    mounts: [
      ['0:30', '/', 'overlay', 'overlay'],
      ['8:17', '/run/live/medium', '/dev/sdb1'],
    ],
    onlyMounts: true,
    reason: 'backs-system',
  },
  {
    title: 'USB stick that is mounted in a container',
    files: { '/proc/77/mountinfo': mountinfo([['8:17', '/data', '/dev/sdb1']], 900) },
    reason: 'mounted',
    facts: { mounted: 1, backsSystem: 0, mountedNodes: [] },
  },
  {
    title: 'USB stick with an XFS that the kernel has, mounted nobody sees where',
    files: { '/sys/fs/xfs/sdb1/stats': '' },
    reason: 'mounted',
    facts: { mounted: 1 },
  },
  {
    title: 'USB stick while another process ends',
    files: { '/proc/77/status': '', '/proc/78/mountinfo': '' },
    reason: undefined,
  },
  {
    title: 'USB stick with a loop device over it, a partition of that mounted',
    disks: [STICK, loop(0, '/dev/sdb')],
    mounts: [['259:0', '/mnt', '/dev/loop0p1']],
    reason: 'mounted',
    facts: { mounted: 1, mountedNodes: ['/dev/loop0p1'] },
  },
  {
    title: 'USB stick with a loop device over one of its partitions, nothing mounted',
    disks: [STICK, loop(0, '/dev/sdb2')],
    reason: 'storage-member',
    facts: { mounted: 0 },
  },
  {
    title: 'USB stick with a loop device over a loop device over it',
    disks: [STICK, loop(0, '/dev/sdb'), loop(1, '/dev/loop0p1')],
    mounts: [['259:1', '/mnt', '/dev/loop1p1']],
    reason: 'mounted',
    facts: { mountedNodes: ['/dev/loop1p1'] },
  },
  {
    title: 'USB stick with a loop device under `/` in one of its files',
    disks: [STICK, loop(0, '/media/stick/root.img')],
    mounts: [
      ['8:17', '/media/stick', '/dev/sdb1'],
      ['259:0', '/', '/dev/loop0p1'],
    ],
    onlyMounts: true,
    reason: 'backs-system',
  },
  {
    title: 'USB stick beside a loop device over a node that is gone',
    disks: [STICK, loop(0, '/dev/sdq (deleted)')],
    reason: 'backs-system-unknown',
    facts: { mounted: 'unknown', storageMember: 'unknown' },
  },
  {
    title: 'USB stick beside a loop device over a file of the system disk',
    disks: [STICK, loop(0, '/home/me/other.img')],
    reason: undefined,
  },
  {
    title: 'USB stick that zram writes to',
    disks: [STICK, { ...mapping('zram0', '252:0'), files: { backing_dev: '/dev/sdb' } }],
    reason: 'storage-member',
  },
  {
    title: 'USB stick beside zram that writes to nothing',
    disks: [STICK, { ...mapping('zram0', '252:0'), files: { backing_dev: 'none' } }],
    reason: undefined,
  },
  {
    title: 'USB stick that device-mapper has for a slave, no holder said',
    disks: [STICK, { ...mapping('dm-3', '253:3'), files: { 'slaves/sdb1': '' } }],
    reason: 'storage-member',
  },
  {
    title: 'USB stick with the second device of a mounted bcachefs',
    disks: [STICK, { ...mapping('sdc', '8:32'), bus: BUS.sata }],
    mounts: [['0:50', '/data', '/dev/sdc:/dev/sdb1', 'bcachefs']],
    reason: 'mounted',
  },
  {
    title: 'USB stick with the log of a mounted XFS',
    mounts: [['8:3', '/data', '/dev/sda3', 'xfs', 'rw,attr2,logdev=/dev/sdb2']],
    reason: 'mounted',
  },
  {
    title: 'USB stick with the realtime device of a mounted XFS',
    mounts: [['8:3', '/data', '/dev/sda3', 'xfs', 'rw,rtdev=/dev/sdb1,noquota']],
    reason: 'mounted',
  },
  {
    title: 'USB stick beside a mounted f2fs, which names one of its devices only',
    mounts: [['8:3', '/data', '/dev/sda3', 'f2fs']],
    isoPath: '/data/os.iso',
    reason: 'backs-system-unknown',
    facts: { ...UNSEEN, holdsIso: 'unknown' },
  },
  {
    title: 'USB stick where the node of a swap device is gone',
    swaps: ['/dev/sdq2\\040(deleted)'],
    reason: 'backs-system-unknown',
  },
  ...(
    [
      ['with a part of a ZFS pool', 'zfs_member', 'filesystem', 'storage-member'],
      ['with a part of a Stratis pool', 'stratis', 'crypto', 'storage-member'],
      ['with a VDO volume', 'vdo', 'crypto', 'storage-member'],
      ['with the journal of an ext4', 'jbd', 'other', 'storage-member'],
      ['with the log of an XFS', 'xfs_external_log', 'other', 'storage-member'],
      ['with a DDF RAID', 'ddf_raid_member', 'raid', 'storage-member'],
      ['with a bcache', 'bcache', 'other', 'storage-member'],
      ['with bcachefs, not mounted', 'bcachefs', 'filesystem', 'storage-member-unknown'],
      ['with btrfs, not mounted', 'btrfs', 'filesystem', 'storage-member-unknown'],
      ['with f2fs, not mounted', 'f2fs', 'filesystem', 'storage-member-unknown'],
    ] as const
  ).map(([what, type, usage, reason]) => ({
    title: `USB stick ${what}`,
    files: udev('8:17', type, usage),
    reason,
  })),
  {
    title: 'USB stick with marks of several file systems',
    files: { '/run/udev/data/b8:17': 'I:1\nE:ID_FS_AMBIVALENT=filesystem:vfat:FAT32 filesystem:ntfs:\n' },
    reason: 'storage-member-unknown',
  },
  {
    title: "USB stick with a partition of Windows' dynamic disks",
    files: {
      '/run/udev/data/b8:17':
        'E:ID_PART_ENTRY_TYPE=af9b60a0-1431-4f62-bc68-3311714a69ad\nE:ID_FS_TYPE=ntfs\nE:ID_FS_USAGE=filesystem\n',
    },
    reason: 'storage-member',
  },
  {
    title: 'USB stick with a partition for LVM, of MBR',
    files: { '/run/udev/data/b8:17': 'E:ID_PART_ENTRY_TYPE=0x8e\n' },
    reason: 'storage-member',
  },
  {
    title: 'USB stick that udev has no record of',
    without: ['/run/udev/data/b8:16', '/run/udev/data/b8:17', '/run/udev/data/b8:18'],
    reason: 'storage-member-unknown',
    facts: { storageMember: 'unknown', mounted: 0 },
  },
  {
    title: 'USB stick that udev has no record of one partition of',
    without: ['/run/udev/data/b8:18'],
    reason: 'storage-member-unknown',
  },
  { title: 'USB stick without udev', without: ['/run'], reason: 'storage-member-unknown' },
  {
    title: 'SD card that is mmcblk0',
    disks: [CARD],
    device: '/dev/mmcblk0',
    reason: 'system-disk-name',
  },
  {
    title: 'SD card that is mmcblk0, accepted with its serial number',
    disks: [CARD],
    device: '/dev/mmcblk0',
    accepted: { name: 'mmcblk0', serial: '0x1a2b3c4d' },
    reason: undefined,
  },
  {
    title: 'SD card that is mmcblk0, accepted with its serial number, by its by-id link',
    disks: [CARD],
    links: { '/dev/disk/by-id/mmc-SD_0x1a2b3c4d': 'mmcblk0' },
    device: '/dev/disk/by-id/mmc-SD_0x1a2b3c4d',
    accepted: { name: 'mmcblk0', serial: '0x1a2b3c4d' },
    reason: undefined,
  },
  {
    title: 'SD card that is mmcblk0, accepted with the serial number of another',
    disks: [CARD],
    device: '/dev/mmcblk0',
    accepted: { name: 'mmcblk0', serial: '0x1a2b3c4e' },
    reason: 'serial-differs',
  },
  {
    title: 'partition of an accepted SD card',
    disks: [CARD],
    device: '/dev/mmcblk0p1',
    accepted: { name: 'mmcblk0', serial: '0x1a2b3c4d' },
    reason: 'system-disk-name',
  },
  {
    title: 'eMMC that is mmcblk0, accepted with its serial number',
    disks: [{ ...CARD, files: { ...CARD.files, 'device/type': 'MMC' } }],
    device: '/dev/mmcblk0',
    accepted: { name: 'mmcblk0', serial: '0x1a2b3c4d' },
    reason: 'not-removable',
  },
  {
    title: 'SD card that is mmcblk0 and the machine runs from, accepted with its serial number',
    disks: [CARD],
    mounts: [['179:0', '/', '/dev/mmcblk0']],
    onlyMounts: true,
    device: '/dev/mmcblk0',
    accepted: { name: 'mmcblk0', serial: '0x1a2b3c4d' },
    reason: 'backs-system',
  },
  {
    title: 'first disk on USB, accepted with its serial number',
    system: NVME,
    disks: [FIRST_STICK],
    mounts: [['259:0', '/', '/dev/nvme0n1']],
    onlyMounts: true,
    device: '/dev/sda',
    accepted: { name: 'sda', serial: 'AA0001' },
    reason: undefined,
  },
  {
    title: 'first disk on USB, accepted under the name of another',
    system: NVME,
    disks: [FIRST_STICK],
    mounts: [['259:0', '/', '/dev/nvme0n1']],
    onlyMounts: true,
    device: '/dev/sda',
    accepted: { name: 'mmcblk0', serial: 'AA0001' },
    reason: 'system-disk-name',
  },
  {
    title: 'first disk on USB that tells no serial number but zeros',
    system: NVME,
    disks: [{ ...FIRST_STICK, files: { ...FIRST_STICK.files, [USB_SERIAL_FILE]: '000000' } }],
    mounts: [['259:0', '/', '/dev/nvme0n1']],
    onlyMounts: true,
    device: '/dev/sda',
    accepted: { name: 'sda', serial: '000000' },
    reason: 'serial-unknown',
  },
  {
    title: 'the disk that the machine starts from, accepted with its serial number',
    files: { '/run/udev/data/b8:0': 'E:ID_SERIAL_SHORT=WD-0001\n' },
    device: '/dev/sda',
    accepted: { name: 'sda', serial: 'WD-0001' },
    reason: 'backs-system',
  },
  {
    title: 'USB stick where swap cannot be read',
    files: { '/proc/swaps': '' },
    reason: 'backs-system-unknown',
  },
  { title: 'USB stick of unknown size', files: { [`${BUS.usb}/sdb/size`]: 'x' }, reason: 'size-unknown' },
  {
    title: 'USB stick that is pulled out meanwhile',
    meanwhile: (root) => rm(join(root, '/sys/class/block/sdb')),
    reason: 'changed',
  },
  {
    title: 'USB stick in the place of which another one is put meanwhile',
    meanwhile: (root) => writeFile(join(root, BUS.usb, 'sdb/diskseq'), '2\n'),
    reason: 'changed',
  },
  {
    title: 'USB stick whose node becomes that of another device meanwhile',
    meanwhile: (root) => writeFile(join(root, '/dev/sdb'), '8:99'),
    reason: 'changed',
  },
];
