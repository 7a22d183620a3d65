// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { UsbPlatform } from './platform.js';
import type { BlockedReason } from './reason.js';

/** What a device's path tells without looking at the device. */
export interface NameVerdict {
  /** Whether it is a path of a whole disk on the platform. */
  readonly valid: boolean;
  /** Stands for a device that the operator fills in. */
  readonly placeholder: boolean;
  /** A name that udev keeps for a device: what it leads to decides. */
  readonly link: boolean;
  readonly reason: BlockedReason | undefined;
}

/** The device to show where none was chosen; nothing has these names. */
export const PLACEHOLDER: Record<UsbPlatform, string> = { linux: '/dev/sdX', macos: '/dev/rdiskN' };

/** A whole disk, then the part of it, if any (Linux: Documentation/admin-guide/devices.txt; macOS: hdiutil(1)). */
const DISK_NAMES: Record<UsbPlatform, readonly RegExp[]> = {
  linux: [
    /^\/dev\/((?:sd|hd|vd|xvd)[a-z]+)(\d*)$/,
    /^\/dev\/((?:nvme\d+n|mmcblk)\d+)((?:p\d+|boot\d+|gp\d+|rpmb)?)$/,
  ],
  macos: [/^\/dev\/(r?disk\d+)((?:s\d+)*)$/],
};

/** The disk that a machine of the usual make starts from. */
export const SYSTEM_DISK_NAMES = [
  'sda',
  'hda',
  'vda',
  'xvda',
  'nvme0n1',
  'mmcblk0',
  'disk0',
  'rdisk0',
] as const;

const LINK = /^\/dev\/disk\/by-[a-z0-9-]+\/[^/]+$/;

function parseDisk(path: string, platform: UsbPlatform): { disk: string; part: string } | undefined {
  for (const pattern of DISK_NAMES[platform]) {
    const [, disk, part] = pattern.exec(path) ?? [];
    if (disk !== undefined && part !== undefined) return { disk, part };
  }
  return undefined;
}

/** Returns `path` without `.`, `..`, doubled and final slashes. */
function canonical(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

function hasSystemName(path: string): boolean {
  const names: readonly string[] = SYSTEM_DISK_NAMES;
  return (['linux', 'macos'] as const).some((platform) => {
    const found = parseDisk(path, platform);
    return found !== undefined && names.includes(found.disk);
  });
}

/** Judges a device by its path on `platform`. A system disk's name counts on either, however it is spelled. */
export function judgeName(path: string, platform: UsbPlatform): NameVerdict {
  const refused = (reason: BlockedReason, valid = false): NameVerdict => ({
    valid,
    placeholder: false,
    link: false,
    reason,
  });
  // Nothing has this name, so nothing else is to be found out about it.
  if (path === PLACEHOLDER[platform])
    return { valid: true, placeholder: true, link: false, reason: undefined };
  const plain = canonical(path);
  const found = parseDisk(plain, platform);
  const isWhole = plain === path && found?.part === '';
  if (hasSystemName(plain)) return refused('system-disk-name', isWhole);
  if (plain !== path) return refused('not-canonical');
  if (isWhole) return { valid: true, placeholder: false, link: false, reason: undefined };
  if (found !== undefined) return refused('partition');
  if (platform === 'linux' && LINK.test(path)) {
    return { valid: true, placeholder: false, link: true, reason: undefined };
  }
  return refused('not-a-disk');
}
