// SPDX-License-Identifier: Apache-2.0
/** Files that are not what they are named as, by what they are taken for, and what a lane has to say of each. */
import { gzipSync } from 'node:zlib';
import { elf, tar } from '../../packages/disk-image/src/testing/files.js';
import { archive } from '../../packages/tar/test/archive.js';
import { BOOT_ISO, INITRAMFS, KERNEL, PLAIN_ISO, QCOW2_DISK, RAW_DISK } from '../testing/images.js';

/** What a lane takes a file for. */
export type Role =
  | 'iso'
  | 'raw'
  | 'qcow2'
  | 'kernel'
  | 'initramfs'
  | 'rootfs'
  | 'sbom'
  | 'signature'
  | 'runbook'
  | 'vm-image'
  | 'efi';

/** A file, what is said of it, and what of what to do about it, where something helps. */
export type WrongFile = readonly [name: string, bytes: Uint8Array, found: RegExp, fix?: RegExp];

/** An image with some bytes replaced, `[offset, value]` each. */
function patched(image: Uint8Array, ...patches: (readonly [number, number])[]): Buffer {
  const bytes = Buffer.from(image);
  for (const [at, value] of patches) bytes[at] = value;
  return bytes;
}

const text = (content: string) => Buffer.from(content);
const XZ = Buffer.concat([Buffer.from('fd377a585a0000', 'hex'), Buffer.alloc(98), text('YZ')]);
const VHD = Buffer.concat([RAW_DISK, Buffer.from('conectix'), Buffer.alloc(504)]);
const VMDK = Buffer.concat([text('KDMV\x01\0\0\0'), Buffer.alloc(1016)]);
const OVERLAY = patched(QCOW2_DISK, [14, 1], [19, 4]);
OVERLAY.write('base', 256, 'latin1');

const EMPTY: WrongFile = ['no byte', new Uint8Array(), /found an empty file/, /make it again/];
const PAGE: WrongFile = [
  'a page of 92 bytes',
  text(`<!doctype html>${' '.repeat(77)}`),
  /found an HTML page/,
  /download the file again/,
];
const PACKED: WrongFile = ['xz data', XZ, /found xz data/, /decompress it with xz -d/];
const HELLO: WrongFile = ['text', text('hello'), /found text/];
const ISO: WrongFile = ['an ISO', BOOT_ISO, /found an ISO 9660 image/, /name it as an ISO/];
const RAW: WrongFile = ['a raw disk', RAW_DISK, /found a raw disk image/];
const QCOW2: WrongFile = ['a qcow2 image', QCOW2_DISK, /found a qcow2 image/, /qemu-img convert -O raw/];
const CUT = /get the file again/;
const CONVERT = /qemu-img convert -O qcow2/;

/** The wrong files for each role; everywhere the same, so that no lane is kinder than another. */
export const WRONG: Readonly<Record<Role, readonly WrongFile[]>> = {
  iso: [
    EMPTY,
    PAGE,
    PACKED,
    HELLO,
    RAW,
    QCOW2,
    ['half of an ISO', BOOT_ISO.subarray(0, BOOT_ISO.length / 2), /the volume has/, CUT],
    ['an ISO that is gzip data as well', patched(PLAIN_ISO, [0, 0x1f], [1, 0x8b], [2, 8]), /as well/],
  ],
  raw: [
    EMPTY,
    PAGE,
    PACKED,
    HELLO,
    QCOW2,
    ['a VHD image', VHD, /found a VHD image/, CONVERT],
    ['a VMDK image', VMDK, /found a VMDK image/, CONVERT],
    ['gzip data', gzipSync(RAW_DISK), /found gzip data/, /gzip -d/],
    ['half a sector too much', Buffer.concat([RAW_DISK, Buffer.alloc(256)]), /no whole sectors/, CUT],
  ],
  qcow2: [
    EMPTY,
    PAGE,
    PACKED,
    RAW,
    ISO,
    ['four bytes of a qcow2 image', QCOW2_DISK.subarray(0, 4), /has 4 bytes/, CUT],
    ['half of a qcow2 image', QCOW2_DISK.subarray(0, QCOW2_DISK.length / 2), /: .*(table|cluster|end)/, CUT],
    ['a backing file', OVERLAY, /needs the backing file "base"/, CONVERT],
    ['a data file', patched(QCOW2_DISK, [79, 4]), /keeps its data in an external file/, CONVERT],
    ['the corrupt bit', patched(QCOW2_DISK, [79, 2]), /marked as corrupt/, /qemu-img check -r all/],
    ['the dirty bit', patched(QCOW2_DISK, [79, 1]), /marked as dirty/, /qemu-img check -r all/],
    ['a secret', patched(QCOW2_DISK, [35, 2]), /is encrypted/, /--object secret/],
  ],
  kernel: [
    EMPTY,
    HELLO,
    PACKED,
    ['an initramfs', INITRAMFS, /found a cpio archive/, /name it as an initramfs/],
    ['a program', elf({}), /found an ELF program|no Multiboot 2 header/],
  ],
  initramfs: [
    EMPTY,
    HELLO,
    ['a kernel', KERNEL, /found a Linux kernel/, /name it as a kernel/],
    ['a tar archive in gzip', gzipSync(tar('a')), /found gzip data of tar/],
  ],
  rootfs: [
    ['no byte', new Uint8Array(), /tar/],
    ['text', text('hello'), /tar/],
    [
      'a hard link before its file',
      archive({ name: 'b', type: '1', link: 'a' }, { name: 'a', content: '1' }),
      /"b" is a hard link to "a"/,
    ],
    ['a hard link to itself', archive({ name: 'a', type: '1', link: 'a' }), /"a" is a hard link to/],
    [
      'a file with something below it',
      gzipSync(archive({ name: 'x', content: '1' }, { name: 'x/y', content: '1' })),
      /"x\/y" lies below "x"/,
    ],
    [
      'a file in the place of a folder',
      archive({ name: 'd/', type: '5' }, { name: 'd', content: '1' }),
      /"d"/,
    ],
    [
      'a hard link that leads out',
      archive({ name: 'd', type: '2', link: '/srv' }, { name: 'b', type: '1', link: 'd/s' }),
      /"b" is a hard link to "d\/s"/,
    ],
  ],
  sbom: [
    ['no byte', new Uint8Array(), /empty file|clause|JSON/],
    ['a page of 92 bytes', PAGE[1], /HTML page|clause|JSON/],
    ['the image itself', BOOT_ISO, /an ISO 9660 image|too-large|clause|JSON/],
  ],
  signature: [EMPTY, HELLO, ['the image itself', BOOT_ISO, /found an ISO 9660 image, expected a signature/]],
  runbook: [EMPTY, ['an image', BOOT_ISO, /found an ISO 9660 image, expected text/]],
  // Of either format, so that each is right.
  'vm-image': [
    EMPTY,
    PAGE,
    PACKED,
    HELLO,
    ['a VHD image', VHD, /found a VHD image/, CONVERT],
    ['half of a qcow2 image', QCOW2_DISK.subarray(0, QCOW2_DISK.length / 2), /: .*(table|cluster|end)/, CUT],
    ['a backing file', OVERLAY, /needs the backing file "base"/, CONVERT],
    ['the dirty bit', patched(QCOW2_DISK, [79, 1]), /marked as dirty/, /qemu-img check -r all/],
  ],
  efi: [
    EMPTY,
    HELLO,
    PACKED,
    ['an initramfs', INITRAMFS, /found a cpio archive, expected an EFI program/],
    ['a program of Linux', elf({}), /found an ELF program, expected an EFI program/],
  ],
};
