// SPDX-License-Identifier: Apache-2.0
import type { DeviceFacts, Learned } from '../facts.js';
import type { BlockDevice, DeviceTree } from './block-device.js';
import { isOnBlockDevice, type Machine, namedNumbers } from './machine.js';
import { type Mount, mountOf } from './mounts.js';
import type { LinuxView } from './view.js';

/** The facts about a disk that follow from what the running machine does with it. */
export type Usage = Pick<DeviceFacts, 'mounted' | 'backsSystem' | 'holdsIso' | 'mountedNodes' | 'obstacle'>;

/**
 * Folders without which the machine does not run, or not start again; the last are those where live systems and
 * image-based ones have the medium that they run from.
 */
const SYSTEM_FOLDER =
  /^\/((boot|efi)(\/.*)?|usr|var|home|root|etc|opt|nix(\/store)?|sysroot|cdrom|(run\/(live|initramfs|archiso|miso)|lib\/live)(\/.*)?)?$/;

/** File systems that can have several devices, and name the first of them only, with no mark on the others. */
const SILENT_TYPE = 'f2fs';

/**
 * Finds out what the running machine does with a disk: what of it is mounted, whether the system or the image
 * is on it.
 * @param isoPath absolute path of the image, where there is one
 */
export async function readUsage(
  view: LinuxView,
  tree: DeviceTree,
  { mounts, elsewhere, swaps, obstacle }: Machine,
  isoPath: string | undefined,
): Promise<Usage> {
  if (mounts === undefined || swaps === undefined || tree.holders === undefined) {
    return { mounted: 'unknown', backsSystem: 'unknown', holdsIso: 'unknown', mountedNodes: [], obstacle };
  }
  const members = [...tree.own, ...tree.holders];
  const owners = await btrfsOwners(view, members);
  const ownerOf = async (mount: Mount): Promise<BlockDevice | undefined> =>
    [mount.number, ...(await namedNumbers(view, mount))]
      .map((number) => owners.get(number))
      .find((owner) => owner !== undefined);
  const mountedNodes: string[] = [];
  let onSystem = false;
  let isWholeView = obstacle === undefined;
  // The last mount first: that is the order in which they can be undone.
  for (const mount of [...mounts].reverse()) {
    const owner = await ownerOf(mount);
    if (owner === undefined) {
      isWholeView &&= mount.type !== SILENT_TYPE;
      continue;
    }
    mountedNodes.push(`/dev/${owner.name}`);
    onSystem ||= SYSTEM_FOLDER.test(mount.mountPoint);
  }
  let isMountedElsewhere = await hasFileSystem(view, members);
  for (const mount of elsewhere) {
    const isOurs = (await ownerOf(mount)) !== undefined;
    isMountedElsewhere ||= isOurs;
    isWholeView &&= isOurs || mount.type !== SILENT_TYPE;
  }
  for (const { path, isDevice } of swaps) {
    const number = await view.deviceNumber(path);
    isWholeView &&= number !== undefined || !isDevice;
    const under = number === undefined ? mountOf(path, mounts) : undefined;
    const owner = number === undefined ? under && (await ownerOf(under)) : owners.get(number);
    onSystem ||= owner !== undefined;
  }
  const orUnknown = (found: boolean): Learned => (found ? 1 : isWholeView ? 0 : 'unknown');
  const mounted = orUnknown(mountedNodes.length > 0 || isMountedElsewhere);
  return {
    mounted,
    backsSystem: orUnknown(onSystem),
    holdsIso: isoPath === undefined ? 'unknown' : await holdsPath(view, isoPath, mounts, mounted, ownerOf),
    mountedNodes,
    obstacle,
  };
}

/** Tells whether the kernel has a file system of one of them, mounted wherever it be: ext4, XFS and f2fs are listed. */
async function hasFileSystem(view: LinuxView, members: readonly BlockDevice[]): Promise<boolean> {
  const types = (await view.names('/sys/fs')) ?? [];
  const lists = await Promise.all(types.map((type) => view.names(`/sys/fs/${type}`)));
  return lists.some((names) => members.some(({ name }) => names?.includes(name) === true));
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
  return mount.type !== SILENT_TYPE && (await isOnBlockDevice(view, mount)) ? 0 : 'unknown';
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
