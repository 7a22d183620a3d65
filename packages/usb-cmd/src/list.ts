// SPDX-License-Identifier: Apache-2.0
import { assessDevice, type DeviceAssessment, type IsoOnDisk } from './assess.js';
import { UsbCommandError } from './error.js';
import { findBlockDevice } from './linux/block-device.js';
import { linuxInspector } from './linux/inspect.js';
import { readSerials } from './linux/serial.js';
import { type LinuxView, linuxView } from './linux/view.js';
import { judgeName } from './name.js';

/** A disk of this machine, and whether it may be written to. */
export interface ListedDevice {
  /** `/dev/sdb` */
  readonly path: string;
  /** Empty where the device tells none. */
  readonly vendor: string;
  readonly model: string;
  /** What it tells of itself; a disk in a case can have two. */
  readonly serials: readonly string[];
  readonly sizeBytes: number | 'unknown';
  /** Its `reason` is undefined for a device that nothing speaks against. */
  readonly assessment: DeviceAssessment;
}

/** Options of {@link listDevices}. */
export interface ListDevicesOptions {
  /** The image that is to be written: a device that is too small for it, or that it lies on, has that for a reason. */
  readonly iso?: IsoOnDisk;
  readonly signal?: AbortSignal;
  /** The machine: this one, unless given. */
  readonly view?: LinuxView;
  readonly host?: NodeJS.Platform;
}

/**
 * Lists the whole disks of this machine in the order of their names, each with what speaks against writing to it. Reads sysfs and
 * what udev keeps; opens no device, and has no effect on any.
 *
 * @example
 * import { listDevices } from '@latticra/usb-cmd';
 *
 * const free = (await listDevices()).filter(({ assessment }) => assessment.reason === undefined);
 * console.log(free.map(({ path }) => path));
 *
 * @throws UsbCommandError `unsupported-platform` where there is no sysfs: what is there cannot be known
 */
export async function listDevices({
  iso,
  signal,
  view = linuxView(),
  host = process.platform,
}: ListDevicesOptions = {}): Promise<ListedDevice[]> {
  const names = host === 'linux' ? await view.names('/sys/class/block') : undefined;
  if (names === undefined) {
    throw new UsbCommandError(
      'unsupported-platform',
      'the devices of this machine cannot be listed: it has no /sys/class/block',
      {
        fix:
          host === 'darwin'
            ? 'see them with diskutil list external'
            : 'run this on a Linux machine, not in a sandbox',
      },
    );
  }
  const inspector = linuxInspector(view);
  const listed: ListedDevice[] = [];
  for (const name of [...names].sort()) {
    signal?.throwIfAborted();
    const path = `/dev/${name}`;
    if (!judgeName(path, 'linux').valid) continue;
    const device = await findBlockDevice(view, name);
    if (device === undefined || device.isPartition) continue;
    const about = async (file: string) => ((await view.text(`${device.folder}/device/${file}`)) ?? '').trim();
    const sectors = await view.text(`${device.folder}/size`);
    listed.push({
      path,
      vendor: await about('vendor'),
      model: await about('model'),
      serials: await readSerials(view, device),
      // sysfs counts in sectors of 512 bytes, whatever the device's own are.
      sizeBytes: sectors !== undefined && /^\d{1,12}$/.test(sectors) ? Number(sectors) * 512 : 'unknown',
      assessment: await assessDevice(path, 'linux', iso, inspector),
    });
  }
  return listed;
}
