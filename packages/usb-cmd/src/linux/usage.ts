// SPDX-License-Identifier: Apache-2.0
import type { DeviceFacts, Learned } from '../facts.js';
import type { BlockDevice, DeviceTree } from './block-device.js';
import { type Mount, mountOf, parseMounts, parseSwaps } from './mounts.js';
import type { LinuxView } from './view.js';

/** The facts about a disk that follow from what the running machine does with it. */
export type Usage = Pick<DeviceFacts, 'mounted' | 'backsSystem' | 'holdsIso' | 'mountedNodes'>;

/** Folders without which the machine does not run, or not start again. */
const SYSTEM_FOLDER = /^\/((boot|efi)(\/.*)?|usr|var|home|etc|opt|nix(\/store)?)?$/;

/**
 * Finds out what the running machine does with a disk: what of it is mounted, whether the system or the image
 * is on it.
 * @param isoPath absolute path of the image, where there is one
 */
export async function readUsage(
  view: LinuxView,
  tree: DeviceTree,
  isoPath: string | undefined,
): Promise<Usage> {
  const mountinfo = await view.text('/proc/self/mountinfo');
  const mounts = mountinfo === undefined ? undefined : parseMounts(mountinfo);
  const swapTable = await view.text('/proc/swaps');
  const swaps = swapTable === undefined ? undefined : parseSwaps(swapTable);
  if (mounts === undefined || swaps === undefined || tree.holders === undefined) {
    return { mounted: 'unknown', backsSystem: 'unknown', holdsIso: 'unknown', mountedNodes: [] };
  }
  const members = [...tree.own, ...tree.holders];
  const owners = await btrfsOwners(view, members);
  const ownerOf = async (mount: Mount): Promise<BlockDevice | undefined> => {
    const source = await sourceNumber(view, mount);
    return owners.get(mount.number) ?? (source === undefined ? undefined : owners.get(source));
  };
  const mountedNodes: string[] = [];
  let onSystem = false;
  // The last mount first: that is the order in which they can be undone.
  for (const mount of [...mounts].reverse()) {
    const owner = await ownerOf(mount);
    if (owner === undefined) continue;
    mountedNodes.push(`/dev/${owner.name}`);
    onSystem ||= SYSTEM_FOLDER.test(mount.mountPoint);
  }
  for (const swap of swaps) {
    const number = await view.deviceNumber(swap);
    const under = number === undefined ? mountOf(swap, mounts) : undefined;
    const owner = number === undefined ? under && (await ownerOf(under)) : owners.get(number);
    onSystem ||= owner !== undefined;
  }
  // Who cannot see what `/` is on, in a container say, cannot see what else of the machine is mounted.
  const root = mountOf('/', mounts);
  const isWholeView = root !== undefined && (await isOnBlockDevice(view, root));
  const orUnknown = (found: boolean): Learned => (found ? 1 : isWholeView ? 0 : 'unknown');
  const mounted = orUnknown(mountedNodes.length > 0);
  return {
    mounted,
    backsSystem: orUnknown(onSystem),
    holdsIso: isoPath === undefined ? 'unknown' : await holdsPath(view, isoPath, mounts, mounted, ownerOf),
    mountedNodes,
  };
}

async function holdsPath(
  view: LinuxView,
  path: string,
  mounts: readonly Mount[],
  mounted: Learned,
  ownerOf: (mount: Mount) => Promise<BlockDevice | undefined>,
): Promise<Learned> {
  if (mounted === 0) return 0;
  const mount = mountOf((await view.follow(path)) ?? path, mounts);
  if (mount === undefined) return 'unknown';
  if ((await ownerOf(mount)) !== undefined) return 1;
  return (await isOnBlockDevice(view, mount)) ? 0 : 'unknown';
}

/**
 * Returns the members of a disk by device number. A btrfs of several devices is mounted by the name of one of
 * them only, so the numbers of its other devices lead to the member too.
 */
async function btrfsOwners(
  view: LinuxView,
  members: readonly BlockDevice[],
): Promise<ReadonlyMap<string, BlockDevice>> {
  const owners = new Map(members.map((device) => [device.number, device]));
  for (const id of (await view.names('/sys/fs/btrfs')) ?? []) {
    const devices = (await view.names(`/sys/fs/btrfs/${id}/devices`)) ?? [];
    const member = members.find(({ name }) => devices.includes(name));
    if (member === undefined) continue;
    for (const name of devices) {
      const number = await view.text(`/sys/class/block/${name}/dev`);
      if (number !== undefined && !owners.has(number)) owners.set(number, member);
    }
  }
  return owners;
}

async function sourceNumber(view: LinuxView, { source }: Mount): Promise<string | undefined> {
  return source.startsWith('/dev/') ? view.deviceNumber(source) : undefined;
}

async function isOnBlockDevice(view: LinuxView, mount: Mount): Promise<boolean> {
  return !mount.number.startsWith('0:') || (await sourceNumber(view, mount)) !== undefined;
}
