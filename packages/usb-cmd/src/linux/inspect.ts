// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import type { DeviceInspector } from '../assess.js';
import type { DeviceFacts, Learned } from '../facts.js';
import { findBlockDevice, readTree } from './block-device.js';
import { readMachine } from './machine.js';
import { isRemovable } from './removable.js';
import { readSerials } from './serial.js';
import { isStorageMember } from './storage-member.js';
import { readUsage } from './usage.js';
import { readUsers } from './users.js';
import { type LinuxView, linuxView } from './view.js';

/** sysfs counts sizes in these, whatever the device's own sectors are (Documentation/ABI/stable/sysfs-block). */
const SECTOR_BYTES = 512;

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
      const machine = await readMachine(view);
      const users = machine.mounts === undefined ? undefined : await readUsers(view, machine.mounts);
      const tree = await readTree(view, disk, users);
      const size = await view.text(`${disk.folder}/size`);
      const facts: DeviceFacts = {
        wholeDisk: disk.isPartition ? 0 : 1,
        removable: await isRemovable(view, disk),
        readOnly: toFlag(await view.text(`${disk.folder}/ro`)),
        storageMember: await isStorageMember(view, tree),
        sizeBytes: size !== undefined && /^\d{1,12}$/.test(size) ? Number(size) * SECTOR_BYTES : 'unknown',
        ...(await readUsage(view, tree, machine, iso?.path)),
      };
      const serials = await readSerials(view, disk);
      const after = await findBlockDevice(view, name);
      if (after?.identity !== disk.identity || (await view.deviceNumber(node)) !== disk.number) {
        return { inspected: false, reason: 'changed' };
      }
      return { inspected: true, facts, serials };
    },
  };
}

function toFlag(text: string | undefined): Learned {
  if (text === '0') return 0;
  return text === '1' ? 1 : 'unknown';
}
