// SPDX-License-Identifier: Apache-2.0
import { formatCommand, quote } from '@latticra/shell-words';
import type { DeviceAssessment } from './assess.js';
import type { UsbPlatform } from './platform.js';

/** The text in the place of a command that must not be run, so that nobody can copy it. */
export const WITHHELD = 'withheld-device-blocked';

/** The commands of a write, in the order they are run, each one line for a POSIX shell. */
export interface UsbCommands {
  readonly unmount: string;
  /** Asks the kernel whether anybody holds the device, and fails when somebody does. */
  readonly check: string;
  readonly write: string;
  readonly verify: string;
}

/**
 * Formats the commands of a write.
 * @param isoPath as it is to stand in the commands
 * @param isoSize bytes; undefined when there is no image, and so nothing to compare with
 * @throws ShellWordError `unprintable` for a path that no command can carry
 */
export function usbCommands(
  device: DeviceAssessment,
  isoPath: string,
  isoSize: number | undefined,
): UsbCommands {
  const unmount = unmountCommand(device);
  if (device.reason !== undefined) return { unmount, check: WITHHELD, write: WITHHELD, verify: WITHHELD };
  return {
    unmount,
    check: checkCommand(device),
    write: writeCommand(device, isoPath),
    verify: isoSize === undefined ? 'unavailable-iso-missing' : verifyCommand(device, isoPath, isoSize),
  };
}

/** How dd writes: large blocks, and on Linux through to the medium before it says that it is done. */
const DD_SETTINGS: Record<UsbPlatform, string> = {
  linux: 'bs=4M conv=fsync status=progress',
  macos: 'bs=4m',
};

function writeCommand({ path, platform }: DeviceAssessment, isoPath: string): string {
  const dd = formatCommand(['sudo', 'dd', { name: 'if', value: isoPath }, { name: 'of', value: path }]);
  return `${dd} ${DD_SETTINGS[platform]}`;
}

function unmountCommand({ path, platform, reason, facts }: DeviceAssessment): string {
  // What the running system stands on is not to be unmounted, whatever else is mounted from the same disk.
  if (platform === 'macos') {
    const isFree = reason === undefined || reason === 'mounted';
    return isFree ? `diskutil unmountDisk ${quote(bufferedNode(path))}` : WITHHELD;
  }
  if (reason !== 'mounted') return 'not-required-for-linux-template';
  // What is mounted in another namespace only cannot be unmounted from here.
  if (facts.mountedNodes.length === 0) return WITHHELD;
  return facts.mountedNodes.map((node) => `sudo umount ${quote(node)}`).join(' && ');
}

/**
 * Formats the command that has the kernel read the partition table again, which it refuses while anybody has claimed the disk or has a partition
 * of it open: mounted in whatever namespace, swap, device-mapper, RAID. Every disk that has a name to be written to can
 * have partitions, and those that cannot would be refused too. On macOS dd itself is refused a mounted disk.
 */
function checkCommand({ path, platform }: DeviceAssessment): string {
  return platform === 'macos' ? 'not-required-for-macos-template' : `sudo blockdev --rereadpt ${quote(path)}`;
}

/** A multiple of every disk's blocks. */
const READ_BYTES = 4 * 1024 * 1024;

/** How dd reads past the cache: by a flag on Linux; macOS does not cache its raw nodes. Both want whole blocks. */
const DIRECT: Record<UsbPlatform, { readonly node: (path: string) => string; readonly settings: string }> = {
  linux: { node: (path) => path, settings: 'bs=4M iflag=direct status=none' },
  macos: { node: (path) => path.replace(/^\/dev\/disk/, '/dev/rdisk'), settings: 'bs=4m' },
};

/**
 * Formats a comparison of as many bytes of the medium as the image has, and no more: a stick is larger. What is read are
 * whole blocks, of which the last is cut to length behind dd. `cmp -n` would need one process less, but macOS's cmp does
 * not know it everywhere.
 */
function verifyCommand({ path, platform }: DeviceAssessment, isoPath: string, isoSize: number): string {
  const { node, settings } = DIRECT[platform];
  const image = isoPath.startsWith('-') ? `./${isoPath}` : isoPath;
  const dd = `${formatCommand(['sudo', 'dd', { name: 'if', value: node(path) }])} ${settings}`;
  return `${dd} count=${Math.ceil(isoSize / READ_BYTES)} | head -c ${isoSize} | cmp - ${quote(image)}`;
}

/** Returns the buffered node (`disk4`) of a macOS raw node (`rdisk4`): diskutil wants that name. */
function bufferedNode(path: string): string {
  return path.replace(/^\/dev\/rdisk/, '/dev/disk');
}
