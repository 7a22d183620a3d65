// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import type { Learned } from '../facts.js';
import type { BlockDevice } from './block-device.js';
import type { LinuxView } from './view.js';

/**
 * Returns whether a disk is made to be taken out. The `removable` attribute alone does not tell: it is about
 * the medium, so a USB disk has 0, and a built-in SATA disk has 1 where the firmware allows hot-plugging. The
 * bus decides:
 * - USB, unless the port is wired inside (`fixed`) and the medium stays too;
 * - an SD card in a slot of its own, which shares its bus with soldered eMMC;
 * - nothing on SATA, NVMe and virtio.
 */
export async function isRemovable(view: LinuxView, { folder }: BlockDevice): Promise<Learned> {
  const medium = await view.text(`${folder}/removable`);
  if (/\/usb\d+\//.test(folder)) {
    if (medium === '1') return 1;
    return (await usbPort(view, folder)) === 'fixed' ? 0 : 1;
  }
  if (/\/mmc_host\//.test(folder)) {
    const type = await view.text(`${folder}/device/type`);
    if (type === 'SD') return 1;
    return type === 'MMC' ? 0 : 'unknown';
  }
  if (medium === '0' || /\/(ata\d+|nvme|virtio\d+)\//.test(folder)) return 0;
  return 'unknown';
}

/** Reads what the nearest USB device above says of its port (Documentation/ABI/testing/sysfs-bus-usb). */
async function usbPort(view: LinuxView, folder: string): Promise<string | undefined> {
  for (let above = dirname(folder); above !== '/'; above = dirname(above)) {
    const port = await view.text(`${above}/removable`);
    if (port !== undefined) return port;
  }
  return undefined;
}
