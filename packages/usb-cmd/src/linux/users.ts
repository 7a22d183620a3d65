// SPDX-License-Identifier: Apache-2.0
import { isOnBlockDevice, namedNumbers } from './machine.js';
import { type Mount, mountOf } from './mounts.js';
import type { LinuxView } from './view.js';

/** By the kernel name of a device: what lies on it. */
export type Users = ReadonlyMap<string, readonly string[]>;

/**
 * Reads, of every block device, what it is made of: the slaves of device-mapper and md, the device or the file behind a
 * loop device, the device that zram writes to. The kernel lists slaves as holders of the device below as well, loop and
 * zram it does not. Undefined when it cannot all be told.
 */
export async function readUsers(view: LinuxView, mounts: readonly Mount[]): Promise<Users | undefined> {
  const names = await view.names('/sys/class/block');
  if (names === undefined) return undefined;
  const byNumber = new Map<string, string>();
  for (const name of names) byNumber.set((await view.text(`/sys/class/block/${name}/dev`)) ?? '', name);
  const users = new Map<string, string[]>();
  const add = (below: string, name: string) => users.set(below, [...(users.get(below) ?? []), name]);
  for (const name of names) {
    const folder = `/sys/class/block/${name}`;
    for (const slave of (await view.names(`${folder}/slaves`)) ?? []) add(slave, name);
    for (const file of ['loop/backing_file', 'backing_dev']) {
      const backing = await view.text(`${folder}/${file}`);
      if (backing === undefined || backing === '' || backing === 'none') continue;
      const numbers = await numbersBehind(view, backing, mounts);
      if (numbers === undefined) return undefined;
      for (const number of numbers) add(byNumber.get(number) ?? number, name);
    }
  }
  return users;
}

/** Finds the numbers of the devices that a path is, or lies on; undefined when that cannot be told. */
async function numbersBehind(
  view: LinuxView,
  path: string,
  mounts: readonly Mount[],
): Promise<readonly string[] | undefined> {
  const number = await view.deviceNumber(path);
  if (number !== undefined) return [number];
  const mount = mountOf(path, mounts);
  // The node of a device may be gone, or have another name by now.
  if (mount === undefined || /^\/dev\/(?!shm\/)/.test(path)) return undefined;
  return (await isOnBlockDevice(view, mount)) ? [mount.number, ...(await namedNumbers(view, mount))] : [];
}
