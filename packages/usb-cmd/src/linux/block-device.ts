// SPDX-License-Identifier: Apache-2.0
import type { Users } from './users.js';
import type { LinuxView } from './view.js';

/** A block device as sysfs has it. */
export interface BlockDevice {
  /** The kernel's name: `sdb`, `sdb1`, `dm-0`. */
  readonly name: string;
  /** `major:minor` */
  readonly number: string;
  /** Its folder under `/sys/devices`, which tells the bus that it hangs on. */
  readonly folder: string;
  readonly isPartition: boolean;
  /** What tells it from another device that took its name and number: diskseq, where the kernel counts. */
  readonly identity: string;
}

/** Looks a device up by its kernel name; undefined when there is none. */
export async function findBlockDevice(view: LinuxView, name: string): Promise<BlockDevice | undefined> {
  const folder = await view.follow(`/sys/class/block/${name}`);
  if (folder === undefined) return undefined;
  const number = await view.text(`${folder}/dev`);
  if (number === undefined || !/^\d+:\d+$/.test(number)) return undefined;
  const isPartition = (await view.text(`${folder}/partition`)) !== undefined;
  const identity = `${folder} ${number} ${(await view.text(`${folder}/diskseq`)) ?? ''}`;
  return { name, number, folder, isPartition, identity };
}

/** Everything on a disk: itself, its partitions, and what is built on any of them, in any number of layers. */
export interface DeviceTree {
  readonly disk: BlockDevice;
  /** The disk and its partitions. */
  readonly own: readonly BlockDevice[];
  /** Device-mapper, md, loop and the like on top of them; undefined when it could not be seen. */
  readonly holders: readonly BlockDevice[] | undefined;
}

/**
 * Reads a disk's partitions and everything that is built on them, layer by layer, from sysfs.
 * @param users what the devices of the machine are made of; undefined when that is not known
 */
export async function readTree(
  view: LinuxView,
  disk: BlockDevice,
  users: Users | undefined,
): Promise<DeviceTree> {
  const own = [disk, ...(await partitionsOf(view, disk))];
  const seen = new Map(own.map((device) => [device.name, device]));
  const pending = [...own];
  for (let device = pending.pop(); device !== undefined; device = pending.pop()) {
    const names = await view.names(`${device.folder}/holders`);
    if (names === undefined || users === undefined) return { disk, own, holders: undefined };
    for (const name of new Set([...names, ...(users.get(device.name) ?? [])])) {
      const holder = await findBlockDevice(view, name);
      if (holder === undefined) return { disk, own, holders: undefined };
      for (const found of [holder, ...(await partitionsOf(view, holder))]) {
        if (!seen.has(found.name)) {
          seen.set(found.name, found);
          pending.push(found);
        }
      }
    }
  }
  return { disk, own, holders: [...seen.values()].slice(own.length) };
}

async function partitionsOf(view: LinuxView, disk: BlockDevice): Promise<BlockDevice[]> {
  const partitions: BlockDevice[] = [];
  for (const name of (await view.names(disk.folder)) ?? []) {
    if ((await view.text(`${disk.folder}/${name}/partition`)) === undefined) continue;
    const partition = await findBlockDevice(view, name);
    if (partition !== undefined) partitions.push(partition);
  }
  return partitions;
}
