// SPDX-License-Identifier: Apache-2.0
import type { Learned } from '../facts.js';
import { MEMBER_PARTITION_TYPE } from '../partition-type.js';
import type { DeviceTree } from './block-device.js';
import type { LinuxView } from './view.js';

/** What libblkid takes for a file system, and is a part of something else. */
const MEMBER_TYPE = /_member$/;

/** File systems that can have several devices, of which only what is mounted tells. */
const SPREADING_TYPE = /^(bcachefs|btrfs|f2fs)$/;

/** Partition types of MBR that members have: swap, LVM, RAID, Windows' dynamic disks. */
const MEMBER_MBR_TYPE = /^0x(82|8e|fd|42)$/;

/**
 * Tells whether a disk is a part of something else. What lies on it is the kernel's word that it is; of members that
 * nothing uses at the moment the udev database tells, which is made by reading the device. Where it has no record,
 * nothing is known.
 */
export async function isStorageMember(view: LinuxView, { own, holders }: DeviceTree): Promise<Learned> {
  if (holders === undefined) return 'unknown';
  if (holders.length > 0) return 1;
  const marks = await Promise.all(
    own.map(async ({ number }) => readMark(await view.text(`/run/udev/data/b${number}`))),
  );
  if (marks.includes(1)) return 1;
  return marks.includes('unknown') ? 'unknown' : 0;
}

/** Reads a record of the udev database, where `E:` begins a property. */
function readMark(record: string | undefined): Learned {
  if (record === undefined) return 'unknown';
  const properties = new Map(
    [...record.matchAll(/^E:([^=\n]+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  const type = properties.get('ID_FS_TYPE');
  const usage = properties.get('ID_FS_USAGE');
  const entry = properties.get('ID_PART_ENTRY_TYPE')?.toLowerCase() ?? '';
  if (MEMBER_PARTITION_TYPE.test(entry) || MEMBER_MBR_TYPE.test(entry)) return 1;
  if (usage !== undefined && usage !== 'filesystem') return 1;
  if (type !== undefined && MEMBER_TYPE.test(type)) return 1;
  if (properties.has('ID_FS_AMBIVALENT') || (type === undefined) !== (usage === undefined)) return 'unknown';
  return type !== undefined && SPREADING_TYPE.test(type) ? 'unknown' : 0;
}
