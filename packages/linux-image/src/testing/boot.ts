// SPDX-License-Identifier: Apache-2.0
/** Boots a program by UEFI in QEMU, without KVM, from a volume that has nothing else on it. */
import { execFile } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSource, type Layout, layoutChunks } from '@latticra/disk-image';
import { createFat } from '@latticra/disk-image/fat';

/** OVMF's builds as Debian installs them: one that asks for no signature, and one that asks for its test key's. */
const FIRMWARE = {
  plain: { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', vars: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
  secure: {
    code: '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd',
    vars: '/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd',
  },
} as const;

/** What a test names as the tools it needs when it boots. */
export const BOOT_TOOLS = ['qemu-system-x86_64', FIRMWARE.plain.code, FIRMWARE.plain.vars];
export const SECURE_BOOT_TOOLS = ['qemu-system-x86_64', FIRMWARE.secure.code, FIRMWARE.secure.vars];

export interface Boot {
  /** That of QEMU; null when it was stopped because the firmware had nothing left to start, or the time was over. */
  readonly exitCode: number | null;
  /** Lines of COM1, terminal escapes taken out. */
  readonly lines: readonly string[];
}

const MIB = 1 << 20;
const TIME_LIMIT_MS = 55_000;
const GIVEN_UP = 'No bootable option';

/** Writes an image as a sparse file. */
export function writeImage(path: string, layout: Layout): string {
  const fd = openSync(path, 'wx');
  let at = 0;
  for (const chunk of layoutChunks(layout)) {
    at += 'hole' in chunk ? chunk.hole : writeSync(fd, chunk, 0, chunk.length, at);
  }
  ftruncateSync(fd, layout.size);
  closeSync(fd);
  return path;
}

/** Starts a program as `\EFI\BOOT\BOOTX64.EFI`, and waits until the machine has ended. */
export async function bootProgram(program: ByteSource, secure = false, memoryMib = 512): Promise<Boot> {
  const folder = await mkdtemp(join(tmpdir(), 'latticra-uki-boot-'));
  try {
    const { code, vars } = FIRMWARE[secure ? 'secure' : 'plain'];
    const file = (name: string) => join(folder, name);
    await copyFile(vars, file('vars.fd'));
    const esp = createFat({
      size: Math.ceil(program.size / MIB) * MIB + 8 * MIB,
      label: 'TEST',
      volumeId: 1,
      timestamp: 0,
      hiddenSectors: 0,
      files: [{ path: 'EFI/BOOT/BOOTX64.EFI', content: program }],
    });
    writeImage(file('esp.img'), esp.layout);
    const argv = [
      ...['-accel', 'tcg', '-machine', secure ? 'q35,smm=on' : 'q35', '-m', String(memoryMib)],
      ...(secure ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
      ...['-nodefaults', '-no-user-config', '-nic', 'none', '-display', 'none', '-no-reboot'],
      ...['-chardev', `file,id=com1,path=${file('serial.log')}`, '-serial', 'chardev:com1'],
      ...['-drive', `if=none,id=image,format=raw,readonly=on,file=${file('esp.img')}`],
      ...['-device', 'virtio-blk-pci,drive=image,bootindex=0'],
      ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${code}`],
      ...['-drive', `if=pflash,unit=1,format=raw,file=${file('vars.fd')}`],
      ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'],
    ];
    const serial = () => readFile(file('serial.log'), 'latin1').catch(() => '');
    const exitCode = await new Promise<number | null>((resolve) => {
      const limits = { timeout: TIME_LIMIT_MS, killSignal: 'SIGKILL' } as const;
      const child = execFile('qemu-system-x86_64', argv, limits, (error) => {
        clearInterval(looking);
        resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : null);
      });
      const looking = setInterval(async () => {
        if ((await serial()).includes(GIVEN_UP)) child.kill('SIGKILL');
      }, 200);
    });
    const lines = (await serial()).replace(/\x1b\[[0-9;=?]*[A-Za-z]/g, '').split(/[\r\n]+/);
    return { exitCode, lines };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
