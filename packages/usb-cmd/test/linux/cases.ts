// SPDX-License-Identifier: Apache-2.0
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockedReason, DeviceFacts } from '../../src/index.js';
import { BUS, type DiskSpec, type MachineSpec, PORT_FILE } from './machine.js';

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
const udev = (number: string, type: string) => ({
  [`/run/udev/data/b${number}`]: `S:disk/by-id/x\nE:ID_FS_TYPE=${type}\nE:ID_FS_USAGE=other\n`,
});

/** A machine, a device of it, and what is to be said about that. */
export interface Case extends Omit<MachineSpec, 'disks' | 'mounts'> {
  readonly title: string;
  readonly disks?: readonly DiskSpec[];
  /** Besides, or with `onlyMounts` in the place of, the system's own. */
  readonly mounts?: MachineSpec['mounts'];
  readonly onlyMounts?: boolean;
  readonly device?: string;
  readonly isoPath?: string;
  /** What happens to the machine, which is under `root`, while it is looked at. */
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
    files: udev('8:17', 'vfat'),
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
    mounts: [['0:60', '/', 'overlay']],
    onlyMounts: true,
    reason: 'backs-system-unknown',
    facts: { mounted: 'unknown', backsSystem: 'unknown' },
  },
  {
    title: 'USB stick where mounts cannot be read',
    files: { '/proc/self/mountinfo': 'nonsense\n' },
    reason: 'backs-system-unknown',
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
