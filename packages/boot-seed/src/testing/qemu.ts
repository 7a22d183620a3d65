// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** OVMF's 4M build as Debian installs it; a test that boots by UEFI names both as tools it needs. */
export const OVMF = {
  code: '/usr/share/OVMF/OVMF_CODE_4M.fd',
  vars: '/usr/share/OVMF/OVMF_VARS_4M.fd',
} as const;

export interface BootRequest {
  /** A private folder of the test. */
  readonly folder: string;
  readonly image: string;
  readonly format: 'raw' | 'qcow2';
  readonly attach: 'cdrom' | 'usb' | 'disk';
  readonly firmware: 'seabios' | 'ovmf';
  readonly machine: 'pc' | 'q35';
  readonly memoryMib?: number;
}

export interface Boot {
  readonly exitCode: number | null;
  /** Lines of COM1, terminal escapes taken out. */
  readonly lines: readonly string[];
}

const DEVICE: Record<BootRequest['attach'], readonly string[]> = {
  cdrom: ['-device', 'ide-cd,drive=image,bootindex=0'],
  usb: ['-device', 'qemu-xhci', '-device', 'usb-storage,drive=image,bootindex=0,removable=on'],
  disk: ['-device', 'virtio-blk-pci,drive=image,bootindex=0'],
};

/** Returns the arguments of the guest's machine, with COM1 going to `serial`. */
async function machineArgv(request: BootRequest, serial: string): Promise<string[]> {
  const { folder, image, format, attach, firmware, machine, memoryMib = 64 } = request;
  const vars = join(folder, 'ovmf.vars');
  if (firmware === 'ovmf') await copyFile(OVMF.vars, vars);
  return [
    ...['-accel', 'tcg', '-machine', machine, '-m', String(memoryMib), '-vga', 'std'],
    ...['-nodefaults', '-no-user-config', '-nic', 'none', '-display', 'none', '-no-reboot'],
    ...['-chardev', `file,id=com1,path=${serial}`, '-serial', 'chardev:com1'],
    ...['-drive', `if=none,id=image,format=${format},readonly=on,file=${image}`],
    ...DEVICE[attach],
    ...(firmware === 'ovmf'
      ? [
          ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${OVMF.code}`],
          ...['-drive', `if=pflash,unit=1,format=raw,file=${vars}`],
        ]
      : []),
  ];
}

const TIME_LIMIT = { timeout: 45_000, killSignal: 'SIGKILL' } as const;

/** Boots an image in QEMU, without KVM, and waits until the guest has ended the machine; 45 seconds at most. */
export async function boot(request: BootRequest): Promise<Boot> {
  const serial = join(request.folder, 'serial.log');
  const argv = [...(await machineArgv(request, serial)), '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'];
  const exitCode = await new Promise<number | null>((resolve) => {
    execFile('qemu-system-x86_64', argv, TIME_LIMIT, (error) =>
      resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : null),
    );
  });
  const text = (await readFile(serial, 'latin1')).replace(/\x1b\[[0-9;=?]*[A-Za-z]/g, '');
  return { exitCode, lines: text.split(/[\r\n]+/) };
}

/** Boots an image and, once COM1 shows `marker`, takes a picture of the screen; returns a PPM file's bytes. */
export async function photograph(request: BootRequest, marker: string): Promise<Buffer> {
  const serial = join(request.folder, 'serial.log');
  const picture = join(request.folder, 'screen.ppm');
  const argv = [...(await machineArgv(request, serial)), '-monitor', 'stdio'];
  const ended = new Promise<void>((resolve) => {
    const child = execFile('qemu-system-x86_64', argv, TIME_LIMIT, () => {
      clearInterval(looking);
      resolve();
    });
    const looking = setInterval(async () => {
      if (!(await readFile(serial, 'latin1').catch(() => '')).includes(marker)) return;
      clearInterval(looking);
      child.stdin?.end(`screendump ${picture}\nquit\n`);
    }, 50);
  });
  await ended;
  return readFile(picture);
}
