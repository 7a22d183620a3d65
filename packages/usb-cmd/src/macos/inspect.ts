// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import type { DeviceInspector } from '../assess.js';
import type { DeviceFacts } from '../facts.js';
import { type DiskInfo, parseDiskInfo } from './disk-info.js';
import { parseDiskList } from './disk-list.js';
import { isRemovable } from './removable.js';
import { readUsage } from './usage.js';
import { type MacosView, macosView } from './view.js';

/** Looks at the disks of a Mac through `diskutil`. */
export function macosInspector(view: MacosView = macosView()): DeviceInspector {
  const info = async (what: string): Promise<DiskInfo | undefined> => {
    const text = await view.diskutil(['info', '-plist', what]);
    return text === undefined ? undefined : parseDiskInfo(text);
  };
  return {
    async locate(path) {
      return (await view.nodeIdentity(path)) === undefined ? { reason: 'not-found' } : { node: path };
    },
    async inspect(node, iso) {
      const name = basename(node).replace(/^rdisk/, 'disk');
      const identity = await view.nodeIdentity(node);
      const disk = await info(name);
      const list = await view.diskutil(['list', '-plist']);
      const disks = list === undefined ? undefined : parseDiskList(list);
      const root = await info('/');
      const isoPath = iso === undefined ? undefined : ((await view.follow(iso.path)) ?? iso.path);
      const again = await info(name);
      if (identity === undefined || (await view.nodeIdentity(node)) !== identity) {
        return { inspected: false, reason: 'changed' };
      }
      if (disk?.name !== name) return { inspected: false, reason: 'not-inspected' };
      if (JSON.stringify(again) !== JSON.stringify(disk)) return { inspected: false, reason: 'changed' };
      const isContainer = disks?.some((listed) => listed.name === name && listed.stores.length > 0) === true;
      const facts: DeviceFacts = {
        // A container is numbered like a disk, but lies in a partition of one.
        wholeDisk: isContainer ? 0 : disk.wholeDisk,
        removable: isRemovable(disk),
        readOnly: disk.readOnly,
        sizeBytes: disk.sizeBytes,
        ...readUsage(disk, { disks, root }, isoPath),
      };
      return { inspected: true, facts };
    },
  };
}
