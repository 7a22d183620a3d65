// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import type { DeviceInspector } from '../assess.js';
import type { DeviceFacts, Learned } from '../facts.js';
import { type DeviceTree, findBlockDevice, readTree } from './block-device.js';
import { isRemovable } from './removable.js';
import { readUsage } from './usage.js';
import { type LinuxView, linuxView } from './view.js';

/** sysfs counts sizes in these, whatever the device's own sectors are (Documentation/ABI/stable/sysfs-block). */
const SECTOR_BYTES = 512;

/** What blkid calls file systems that are a part of something else. */
const MEMBER_TYPE = /_member$|^(crypto_LUKS|BitLocker|bcache|swap|drbd|ceph_bluestore)$/;

/** Looks at the block devices of a Linux machine through sysfs, procfs and the udev database. */
export function linuxInspector(view: LinuxView = linuxView()): DeviceInspector {
  return {
    async locate(path) {
      const node = await view.follow(path);
      if (node === undefined || (await view.deviceNumber(node)) === undefined) return { reason: 'not-found' };
      return { node };
    },
    async inspect(node, iso) {
      const name = basename(node);
      const disk = await findBlockDevice(view, name);
      if (disk === undefined) return { inspected: false, reason: 'not-found' };
      const tree = await readTree(view, disk);
      const size = await view.text(`${disk.folder}/size`);
      const facts: DeviceFacts = {
        wholeDisk: disk.isPartition ? 0 : 1,
        removable: await isRemovable(view, disk),
        readOnly: toFlag(await view.text(`${disk.folder}/ro`)),
        storageMember: await isStorageMember(view, tree),
        sizeBytes: size !== undefined && /^\d{1,12}$/.test(size) ? Number(size) * SECTOR_BYTES : 'unknown',
        ...(await readUsage(view, tree, iso?.path)),
      };
      const after = await findBlockDevice(view, name);
      if (after?.identity !== disk.identity || (await view.deviceNumber(node)) !== disk.number) {
        return { inspected: false, reason: 'changed' };
      }
      return { inspected: true, facts };
    },
  };
}

function toFlag(text: string | undefined): Learned {
  if (text === '0') return 0;
  return text === '1' ? 1 : 'unknown';
}

/**
 * Returns whether a disk is a part of a larger storage: the kernel lists holders of a device that is in use,
 * and the udev database, where there is one, tells of members that nothing uses at the moment.
 */
async function isStorageMember(view: LinuxView, { own, holders }: DeviceTree): Promise<Learned> {
  if (holders === undefined) return 'unknown';
  if (holders.length > 0) return 1;
  for (const { number } of own) {
    const record = (await view.text(`/run/udev/data/b${number}`)) ?? '';
    const type = /^E:ID_FS_TYPE=(.*)$/m.exec(record)?.[1];
    if (type !== undefined && MEMBER_TYPE.test(type)) return 1;
  }
  return 0;
}
