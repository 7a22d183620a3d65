// SPDX-License-Identifier: Apache-2.0
import { formatCommand, quote } from '@latticra/shell-words';
import type { DeviceAssessment } from './assess.js';
import type { UsbPlatform } from './platform.js';

/** The text in the place of a command that must not be run, so that nobody can copy it. */
export const WITHHELD = 'withheld-device-blocked';

/** The commands of a write, in the order they are run, each one line for a POSIX shell. */
export interface UsbCommands {
  readonly unmount: string;
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
  if (device.reason !== undefined) return { unmount, write: WITHHELD, verify: WITHHELD };
  return {
    unmount,
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
  return facts.mountedNodes.map((node) => `sudo umount ${quote(node)}`).join(' && ');
}

/**
 * Formats a comparison of as many bytes of the device as the image has, and no more: a stick is larger. `cmp
 * -n` would need one process less, but macOS's cmp does not know it everywhere.
 */
function verifyCommand({ path, platform }: DeviceAssessment, isoPath: string, isoSize: number): string {
  const node = platform === 'macos' ? bufferedNode(path) : path;
  const image = isoPath.startsWith('-') ? `./${isoPath}` : isoPath;
  return `sudo head -c ${isoSize} ${quote(node)} | cmp - ${quote(image)}`;
}

/**
 * Returns the buffered node (`disk4`) of a macOS raw node (`rdisk4`): raw nodes refuse reads that are no
 * multiple of a block, and diskutil wants the other name.
 */
function bufferedNode(path: string): string {
  return path.replace(/^\/dev\/rdisk/, '/dev/disk');
}
