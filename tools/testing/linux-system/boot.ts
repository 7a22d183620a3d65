// SPDX-License-Identifier: Apache-2.0
/** Boots images of whole systems in QEMU, without KVM, until the serial line says enough. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const OVMF = { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', vars: '/usr/share/OVMF/OVMF_VARS_4M.fd' } as const;

/** What a test names as the tools it needs when it boots by either firmware. */
export const SYSTEM_BOOT_TOOLS = ['qemu-system-x86_64', OVMF.code, OVMF.vars];

/** An unterminated last line, as a login program leaves it; a kernel that has something to say writes it behind that. */
export const LOGIN_PROMPT = /login: (?:\[ [^\n]*\n?)*$/;
/** What ends every wait, whatever was waited for. */
const HOPELESS =
  /Kernel panic - not syncing|LATTICRA_LOADER_ERROR|latticra: error|emergency mode|ALERT!|No bootable/;

const DEVICES = {
  virtio: ['-device', 'virtio-blk-pci,drive=image,bootindex=0'],
  cd: ['-device', 'ide-cd,drive=image,bootindex=0'],
  usb: ['-device', 'qemu-xhci,id=usb', '-device', 'usb-storage,bus=usb.0,drive=image,bootindex=0'],
} as const;

export interface SystemBoot {
  readonly image: string;
  readonly format: 'raw' | 'qcow2';
  readonly attach: keyof typeof DEVICES;
  readonly firmware: 'bios' | 'uefi';
  /** `pc` has IDE, `q35` SATA. */
  readonly machine: 'pc' | 'q35';
  readonly memoryMib: number;
  /** What stands on the first serial line when it is over. */
  readonly until: RegExp;
  readonly timeLimitMs: number;
}

export interface SystemBooted {
  /** The first serial line, terminal escapes and carriage returns taken out. */
  readonly log: string;
  /** The second one, which no kernel and no firmware writes to. */
  readonly second: string;
  readonly seconds: number;
}

/** Boots an image, which stays as it is; the machine is gone afterwards. */
export async function bootSystem(boot: SystemBoot): Promise<SystemBooted> {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-system-boot-'));
  const at = (name: string) => join(folder, name);
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'latin1') : '');
  const log = () => read('first.log').replace(/\x1b\[[0-9;=?]*[A-Za-z]|\x1bc|\r/g, '');
  try {
    const began = Date.now();
    const qemu = spawn('qemu-system-x86_64', argvOf(boot, at), { stdio: ['ignore', 'ignore', 'pipe'] });
    let [complaint, isOver] = ['', false];
    qemu.stderr.on('data', (text) => {
      complaint += text;
    });
    const end = new Promise<void>((resolve) => {
      qemu.on('error', (error) => {
        complaint += error.message;
        resolve();
      });
      qemu.on('close', () => resolve());
    });
    end.then(() => {
      isOver = true;
    });
    while (!isOver && Date.now() - began < boot.timeLimitMs) {
      await sleep(250);
      const text = log();
      if (boot.until.test(text) || HOPELESS.test(text)) break;
    }
    // What a machine says of its end comes in several lines.
    if (!isOver && HOPELESS.test(log())) await sleep(1000);
    if (!isOver) qemu.kill('SIGKILL');
    await end;
    if (complaint !== '' && log() === '') throw new Error(`QEMU: ${complaint}`);
    return { log: log(), second: read('second.log'), seconds: (Date.now() - began) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function argvOf(
  { image, format, attach, firmware, machine, memoryMib }: SystemBoot,
  at: (name: string) => string,
) {
  if (firmware === 'uefi') copyFileSync(OVMF.vars, at('vars.fd'));
  const serial = (name: string) => [
    ...['-chardev', `file,id=${name},path=${at(`${name}.log`)}`],
    ...['-serial', `chardev:${name}`],
  ];
  return [
    ...['-accel', 'tcg', '-machine', machine, '-cpu', 'max', '-m', String(memoryMib)],
    ...['-nodefaults', '-no-user-config', '-nic', 'none', '-display', 'none', '-vga', 'std', '-no-reboot'],
    ...[...serial('first'), ...serial('second')],
    ...['-drive', `if=none,id=image,format=${format},snapshot=on,file=${image}`],
    ...DEVICES[attach],
    ...(firmware === 'bios'
      ? []
      : [
          ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${OVMF.code}`],
          ...['-drive', `if=pflash,unit=1,format=raw,file=${at('vars.fd')}`],
        ]),
  ];
}
