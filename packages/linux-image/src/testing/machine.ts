// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, layoutChunks } from '@latticra/disk-image';

/** A kernel of Debian's, with its modules: for clouds, without drivers for AHCI and USB; or for any machine. */
export interface DebianKernel {
  readonly release: string;
  readonly path: string;
  /** The initramfs that Debian made for it. */
  readonly initramfs: string;
  /** The folder of its modules. */
  readonly modules: string;
}

/** Finds the newest one that is installed; what a test names as missing where none is. */
export function findDebianKernel(kind: 'cloud' | 'generic' = 'cloud'): DebianKernel {
  const pattern = kind === 'cloud' ? /^vmlinuz-\d.*-cloud-amd64$/ : /^vmlinuz-[\d.]+-\d+-amd64$/;
  const [name = kind === 'cloud' ? 'vmlinuz-cloud-amd64' : 'vmlinuz-amd64'] = safeList('/boot')
    .filter((file) => pattern.test(file))
    .sort()
    .reverse();
  const release = name.replace('vmlinuz-', '');
  return {
    release,
    path: `/boot/${name}`,
    initramfs: `/boot/initrd.img-${release}`,
    modules: `/lib/modules/${release}`,
  };
}

function safeList(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Writes an image. */
export function writeLayout(path: string, layout: Layout): void {
  const bytes = Buffer.alloc(layout.size);
  let at = 0;
  for (const chunk of layoutChunks(layout)) {
    if (!('hole' in chunk)) bytes.set(chunk, at);
    at += 'hole' in chunk ? chunk.hole : chunk.length;
  }
  writeFileSync(path, bytes);
}

export interface BiosBoot {
  /** A private folder of the test. */
  readonly folder: string;
  readonly image: string;
  readonly attach: 'virtio' | 'ide-cd' | 'ide-disk' | 'ahci-cd' | 'usb';
  readonly memoryMib?: number;
  /** The guest's time passes as fast as it waits. */
  readonly passesTime?: boolean;
}

/**
 * What every test gives the kernel: the console; the end of the machine for a panic; and no check of the timer against the
 * processor's speed, which fails where other work holds up an emulated machine.
 */
export const TEST_PARAMETERS = 'console=ttyS0 panic=-1 no_timer_check';

const IMAGE = 'drive=image,bootindex=0';
const DEVICE: Record<BiosBoot['attach'], readonly string[]> = {
  virtio: ['-machine', 'pc', '-device', `virtio-blk-pci,${IMAGE}`],
  'ide-cd': ['-machine', 'pc', '-device', `ide-cd,${IMAGE}`],
  'ide-disk': ['-machine', 'pc', '-device', `ide-hd,${IMAGE}`],
  'ahci-cd': ['-machine', 'q35', '-device', `ide-cd,${IMAGE}`],
  usb: ['-machine', 'q35', '-device', 'qemu-xhci', '-device', `usb-storage,${IMAGE},removable=on`],
};
const TIME_LIMIT = { timeout: 100_000, killSignal: 'SIGKILL' } as const;

/** Boots an image by SeaBIOS, without KVM, until the guest ends the machine; returns QEMU's exit code and COM1's lines. */
export async function bootByBios(boot: BiosBoot): Promise<{ exitCode: number | null; lines: string[] }> {
  const serial = join(boot.folder, 'serial.log');
  const argv = [
    ...['-accel', 'tcg', '-cpu', 'qemu64', '-m', String(boot.memoryMib ?? 256)],
    ...['-nodefaults', '-no-user-config', '-nic', 'none', '-display', 'none', '-vga', 'std', '-no-reboot'],
    ...['-chardev', `file,id=com1,path=${serial}`, '-serial', 'chardev:com1'],
    ...['-drive', `if=none,id=image,format=raw,snapshot=on,file=${boot.image}`],
    ...[...DEVICE[boot.attach], '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'],
    ...(boot.passesTime ? ['-icount', 'shift=0,sleep=off'] : []),
  ];
  const exitCode = await new Promise<number | null>((resolve) => {
    execFile('qemu-system-x86_64', argv, TIME_LIMIT, (error) =>
      resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : null),
    );
  });
  return { exitCode, lines: readFileSync(serial, 'latin1').split(/[\r\n]+/) };
}
