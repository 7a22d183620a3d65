// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { LinuxView } from '../../src/index.js';
import { linuxView } from '../../src/linux/view.js';

/** A block device of a made-up machine. */
export interface DiskSpec {
  readonly name: string;
  readonly number: string;
  /** Folder under `/sys/devices` that the device's own folder is in. */
  readonly bus: string;
  readonly bytes?: number;
  /** Further files in its folder, or, with a path from `/`, anywhere. */
  readonly files?: Readonly<Record<string, string>>;
  readonly partitions?: readonly { readonly name: string; readonly number: string }[];
  /** By name of the disk or partition: what is built on it. */
  readonly holders?: Readonly<Record<string, readonly string[]>>;
}

export interface MachineSpec {
  readonly disks: readonly DiskSpec[];
  /** `/dev/disk/by-…` names and the kernel names they lead to. */
  readonly links?: Readonly<Record<string, string>>;
  readonly mounts: readonly MountSpec[];
  readonly swaps?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Files of a whole machine that this one does not have. */
  readonly without?: readonly string[];
  /** Number of the PID namespace that is seen from; the first one's unless given. */
  readonly pidNamespace?: number;
}

/** The type is ext4 unless given. */
export type MountSpec = readonly [
  number: string,
  mountPoint: string,
  source: string,
  type?: string,
  options?: string,
];

/** Lines of mountinfo, numbered from `id` on. */
export function mountinfo(mounts: readonly MountSpec[], id = 20): string {
  return mounts
    .map(
      ([number, point, source, type = 'ext4', options = 'rw'], index) =>
        `${id + index} 1 ${number} / ${point} rw,relatime shared:${index} - ${type} ${source} ${options}\n`,
    )
    .join('');
}

const USB_PORT = '/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1';

/** Where devices hang. */
export const BUS = {
  usb: `${USB_PORT}/2-1:1.0/host6/target6:0:0/6:0:0:0/block`,
  sata: '/sys/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block',
  nvme: '/sys/devices/pci0000:00/0000:00:1d.0/0000:03:00.0/nvme/nvme1',
  mmc: '/sys/devices/pci0000:00/0000:00:1a.0/mmc_host/mmc1/mmc1:0001/block',
  virtio: '/sys/devices/pci0000:00/0000:00:02.0/virtio1/block',
  firewire: '/sys/devices/pci0000:00/0000:00:1e.0/fw1/fw1.0/host7/target7:0:0/7:0:0:0/block',
  virtual: '/sys/devices/virtual/block',
} as const;

/** The file in which a USB device tells its serial number, beside that of its number on the bus. */
export const USB_SERIAL_FILE = `${USB_PORT}/serial`;
export const USB_NUMBER_FILE = `${USB_PORT}/busnum`;

/** The file in which a USB device tells whether its port is inside of the case. */
export const PORT_FILE = `${USB_PORT}/removable`;

/** Writes the machine's `/sys`, `/proc`, `/dev` and `/run` under `root`. A device node is a file with its number. */
export async function writeMachine(root: string, spec: MachineSpec): Promise<LinuxView> {
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const link = async (path: string, target: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(relative(dirname(path), target), join(root, path));
  };
  const device = async (folder: string, number: string, holders: readonly string[] = []) => {
    const name = basename(folder);
    await write(`${folder}/dev`, `${number}\n`);
    await mkdir(join(root, folder, 'holders'), { recursive: true });
    for (const holder of holders) await link(`${folder}/holders/${holder}`, `${BUS.virtual}/${holder}`);
    await link(`/sys/class/block/${name}`, folder);
    await write(`/dev/${name}`, number);
    await write(`/run/udev/data/b${number}`, `I:1\nE:ID_FS_TYPE=vfat\nE:ID_FS_USAGE=filesystem\n`);
  };
  for (const disk of spec.disks) {
    const folder = `${disk.bus}/${disk.name}`;
    await device(folder, disk.number, disk.holders?.[disk.name]);
    await write(`/run/udev/data/b${disk.number}`, 'I:1\nE:ID_PART_TABLE_TYPE=dos\n');
    const files = {
      size: `${(disk.bytes ?? 8e9) / 512}`,
      ro: '0',
      removable: '0',
      diskseq: '1',
      ...disk.files,
    };
    for (const [name, text] of Object.entries(files)) {
      await write(name.startsWith('/') ? name : `${folder}/${name}`, `${text}\n`);
    }
    for (const [index, part] of (disk.partitions ?? []).entries()) {
      await device(`${folder}/${part.name}`, part.number, disk.holders?.[part.name]);
      await write(`${folder}/${part.name}/partition`, `${index + 1}\n`);
    }
  }
  for (const [name, target] of Object.entries(spec.links ?? {})) await link(name, `/dev/${target}`);
  for (const process of ['self', '1']) await write(`/proc/${process}/mountinfo`, mountinfo(spec.mounts));
  await mkdir(join(root, '/proc/self/ns'));
  await symlink(`pid:[${spec.pidNamespace ?? 4026531836}]`, join(root, '/proc/self/ns/pid'));
  const swaps = (spec.swaps ?? []).map((path) => `${path}  partition\t1048572\t0\t-2\n`);
  await write('/proc/swaps', `Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n${swaps.join('')}`);
  for (const [path, text] of Object.entries(spec.files ?? {})) await write(path, text);
  for (const path of spec.without ?? []) await rm(join(root, path), { recursive: true });
  return linuxView(root, async (file) => {
    const number = await readFile(file, 'utf8');
    return /^\d+:\d+$/.test(number) ? number : undefined;
  });
}
