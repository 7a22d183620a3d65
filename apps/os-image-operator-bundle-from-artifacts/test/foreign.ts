// SPDX-License-Identifier: Apache-2.0
/**
 * Images that nothing of ours has made: by xorriso, GRUB, sgdisk, mkfs and qemu-img, out of a tree like that of an
 * installer CD. Each way of starting them writes a text of its own to the serial console.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { biosGuest, multibootGuest, uefiGuest } from '../../../tools/testing/guest.js';

/** The programs that make the images. */
export const FOREIGN_TOOLS = [
  'xorriso',
  'grub-mkimage',
  '/usr/lib/grub/i386-pc/boot_hybrid.img',
  'mkfs.vfat',
  'mmd',
  'mcopy',
  'sgdisk',
  'mkfs.ext4',
  'qemu-img',
] as const;

/** What the serial console shows, by what was started and how. */
export const FOREIGN_TEXT = {
  isoKernel: '\r\nFOREIGN_ISO_KERNEL\r\n',
  isoUefi: '\r\nFOREIGN_ISO_UEFI\r\n',
  diskBios: '\r\nFOREIGN_DISK_BIOS\r\n',
  diskUefi: '\r\nFOREIGN_DISK_UEFI\r\n',
} as const;

const MIB = 1 << 20;
const LONG_NAME = `libforeign-${'long-'.repeat(16)}name_1.0+dfsg~rc1-2ubuntu0.1_amd64.deb`;

/** Tools that live in sbin are found as plain users too. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

function run(folder: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
}

function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Makes a FAT file system in `path` with a UEFI application where firmware looks for one. */
function makeEsp(folder: string, path: string, mebibytes: number, text: string): void {
  write(folder, { [path]: new Uint8Array(mebibytes * MIB), 'BOOTX64.EFI': uefiGuest(text) });
  run(folder, 'mkfs.vfat', path);
  run(folder, 'mmd', '-i', path, '::/EFI', '::/EFI/BOOT');
  run(folder, 'mcopy', '-i', path, 'BOOTX64.EFI', '::/EFI/BOOT/BOOTX64.EFI');
}

/**
 * Makes `name` in `folder`: a hybrid ISO with Rock Ridge and Joliet that starts as a CD and as a disk, by GRUB under
 * a BIOS, and by UEFI.
 */
export function makeForeignIso(folder: string, name: string): void {
  const work = `${name}.work`;
  write(join(folder, work), {
    'tree/.disk/info': 'Foreign 1.0 "Foreign" - amd64 NETINST\n',
    'tree/boot/vmlinuz': multibootGuest(FOREIGN_TEXT.isoKernel),
    'tree/boot/grub/grub.cfg': 'multiboot /boot/vmlinuz\nboot\n',
    'tree/dists/stable/Release': 'Suite: stable\n',
    [`tree/pool/main/f/foreign/${LONG_NAME}`]: 'package\n'.repeat(5000),
    'tree/pool/main/f/foreign/größe – 日本語.txt': 'text\n',
    'early.cfg': 'search --file --set=root /.disk/info\nset prefix=($root)/boot/grub\n',
  });
  const at = join(folder, work);
  makeEsp(at, 'efi.img', 2, FOREIGN_TEXT.isoUefi);
  run(
    at,
    'grub-mkimage',
    ...['-O', 'i386-pc-eltorito', '-p', '/boot/grub', '-c', 'early.cfg', '-o', 'tree/boot/grub/bios.img'],
    ...['biosdisk', 'iso9660', 'part_msdos', 'part_gpt', 'search_fs_file', 'normal', 'multiboot', 'boot'],
  );
  run(
    at,
    'xorriso',
    ...['-as', 'mkisofs', '-quiet', '-r', '-J', '-joliet-long', '-V', 'Foreign 1.0 amd64 n'],
    ...['-b', 'boot/grub/bios.img', '-c', 'boot/boot.cat', '-no-emul-boot'],
    ...['-boot-load-size', '4', '-boot-info-table'],
    ...['--grub2-boot-info', '--grub2-mbr', '/usr/lib/grub/i386-pc/boot_hybrid.img'],
    ...['-append_partition', '2', '0xef', 'efi.img', '-eltorito-alt-boot'],
    ...['-e', '--interval:appended_partition_2:all::', '-no-emul-boot', '-isohybrid-gpt-basdat'],
    ...['-o', 'image.iso', 'tree'],
  );
  finish(folder, work, 'image.iso', name);
}

/**
 * Makes `name` in `folder`: a disk with a GPT, an ESP and an ext4 file system, whose master boot record starts under
 * a BIOS.
 */
export function makeForeignDisk(folder: string, name: string, format: 'qcow2' | 'raw'): void {
  const work = `${name}.work`;
  const at = join(folder, work);
  const bootSector = biosGuest(FOREIGN_TEXT.diskBios).subarray(0, 440);
  write(at, { 'disk.raw': new Uint8Array(48 * MIB), 'mbr.bin': bootSector });
  makeEsp(at, 'esp.img', 16, FOREIGN_TEXT.diskUefi);
  write(at, { 'root.img': new Uint8Array(16 * MIB) });
  run(at, 'mkfs.ext4', '-q', '-L', 'foreign-root', 'root.img');
  run(at, 'sgdisk', '-n', '1:2048:+16M', '-t', '1:ef00', '-n', '2:0:+16M', '-t', '2:8300', 'disk.raw');
  for (const [part, seek] of [
    ['mbr.bin', 0],
    ['esp.img', MIB],
    ['root.img', 17 * MIB],
  ] as const) {
    run(at, 'dd', `if=${part}`, 'of=disk.raw', 'conv=notrunc', 'bs=1M', 'oflag=seek_bytes', `seek=${seek}`);
  }
  run(at, 'qemu-img', 'convert', '-f', 'raw', '-O', format, 'disk.raw', 'image');
  finish(folder, work, 'image', name);
}

/** Moves an image to its final name, which the tools that made it never see: such names are for what is tested. */
function finish(folder: string, work: string, made: string, name: string): void {
  run(folder, 'mv', '--', join(work, made), join(folder, name));
  rmSync(join(folder, work), { recursive: true });
}
