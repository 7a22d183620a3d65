// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import type { BlockDevice } from './block-device.js';
import type { LinuxView } from './view.js';

/**
 * Reads the serial numbers that a disk itself tells, as `lsblk -o SERIAL` prints them: of the disk (SD, eMMC, NVMe,
 * virtio), of the USB device that it is in, and what udev asked it for. A disk in a USB case can have two.
 */
export async function readSerials(
  view: LinuxView,
  { folder, number }: BlockDevice,
): Promise<readonly string[]> {
  const record = (await view.text(`/run/udev/data/b${number}`)) ?? '';
  const found = [...record.matchAll(/^E:ID_(?:SCSI_SERIAL|SERIAL_SHORT|USB_SERIAL_SHORT)=(.*)$/gm)].map(
    ([, serial]) => serial,
  );
  found.push(await view.text(`${folder}/serial`), await view.text(`${folder}/device/serial`));
  if (/\/usb\d+\//.test(folder)) found.push(await usbSerial(view, folder));
  return [...new Set(found.map((serial) => serial?.trim() ?? ''))].filter((serial) => /[^0]/.test(serial));
}

/** Reads the serial number of the nearest USB device above, which is the folder with a `busnum`; hubs have one too. */
async function usbSerial(view: LinuxView, folder: string): Promise<string | undefined> {
  for (let above = dirname(folder); above !== '/'; above = dirname(above)) {
    if ((await view.text(`${above}/busnum`)) !== undefined) return view.text(`${above}/serial`);
  }
  return undefined;
}
