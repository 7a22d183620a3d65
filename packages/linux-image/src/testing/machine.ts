// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, layoutChunks } from '@latticra/disk-image';

/** The kernel of Debian's linux-image-cloud-amd64, with its modules. */
export interface DebianKernel {
  readonly release: string;
  readonly path: string;
  /** The initramfs that Debian made for it. */
  readonly initramfs: string;
  /** The folder of its modules. */
  readonly modules: string;
}

/** Finds the newest one that is installed; what a test names as missing where none is. */
export function findDebianKernel(): DebianKernel {
  const [name = 'vmlinuz-cloud-amd64'] = safeList('/boot')
    .filter((file) => /^vmlinuz-.*-cloud-amd64$/.test(file))
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
  readonly attach: 'virtio' | 'ide-cd' | 'ide-disk';
  readonly memoryMib?: number;
  /** The guest's time passes as fast as it waits. */
  readonly passesTime?: boolean;
}

const DEVICE: Record<BiosBoot['attach'], string> = {
  virtio: 'virtio-blk-pci,drive=image,bootindex=0',
  'ide-cd': 'ide-cd,drive=image,bootindex=0',
  'ide-disk': 'ide-hd,drive=image,bootindex=0',
};
const TIME_LIMIT = { timeout: 100_000, killSignal: 'SIGKILL' } as const;

/** Boots an image by SeaBIOS, without KVM, until the guest ends the machine; returns QEMU's exit code and COM1's lines. */
export async function bootByBios(boot: BiosBoot): Promise<{ exitCode: number | null; lines: string[] }> {
  const serial = join(boot.folder, 'serial.log');
  const argv = [
    ...['-accel', 'tcg', '-machine', 'pc', '-cpu', 'qemu64', '-m', String(boot.memoryMib ?? 256)],
    ...['-nodefaults', '-no-user-config', '-nic', 'none', '-display', 'none', '-vga', 'std', '-no-reboot'],
    ...['-chardev', `file,id=com1,path=${serial}`, '-serial', 'chardev:com1'],
    ...['-drive', `if=none,id=image,format=raw,snapshot=on,file=${boot.image}`],
    ...['-device', DEVICE[boot.attach], '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'],
    ...(boot.passesTime ? ['-icount', 'shift=0,sleep=off'] : []),
  ];
  const exitCode = await new Promise<number | null>((resolve) => {
    execFile('qemu-system-x86_64', argv, TIME_LIMIT, (error) =>
      resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : null),
    );
  });
  return { exitCode, lines: readFileSync(serial, 'latin1').split(/[\r\n]+/) };
}
