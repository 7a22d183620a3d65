// SPDX-License-Identifier: Apache-2.0
import type { FailureDetails } from '@latticra/failure';
import type { Compression } from './compressed.js';
import type { FileSystemType } from './file-system.js';
import type { Inspection, Kind } from './inspection.js';

/** What a kind is called in a sentence, and what turns a file of it into what is wanted. */
interface Format {
  readonly name: string;
  readonly fix?: string;
}

const MEANT = 'name the file that was meant';
const CONVERT = 'convert it with qemu-img convert -O qcow2, or -O raw';

const FORMATS: Readonly<Record<Kind, Format>> = {
  empty: { name: 'an empty file', fix: `${MEANT}, or make it again` },
  iso9660: { name: 'an ISO 9660 image', fix: 'name it as an ISO' },
  disk: { name: 'a raw disk image', fix: 'name it as a raw image' },
  qcow2: { name: 'a qcow2 image', fix: 'name it as qcow2, or convert it with qemu-img convert -O raw' },
  vhd: { name: 'a VHD image', fix: CONVERT },
  vhdx: { name: 'a VHDX image', fix: CONVERT },
  vmdk: { name: 'a VMDK image', fix: CONVERT },
  vdi: { name: 'a VDI image', fix: CONVERT },
  linux: { name: 'a Linux kernel', fix: 'name it as a kernel' },
  uki: { name: 'a unified kernel image', fix: 'name it as a kernel' },
  pe: { name: 'a PE program', fix: MEANT },
  elf: { name: 'an ELF program', fix: MEANT },
  multiboot: { name: 'a Multiboot kernel', fix: 'name it as a kernel' },
  cpio: { name: 'a cpio archive', fix: 'name it as an initramfs' },
  tar: { name: 'a tar archive', fix: 'unpack it with tar -xf, and name the file inside that was meant' },
  compressed: { name: 'compressed data' },
  'file-system': { name: 'a file system', fix: 'put it into a partition of a disk image' },
  signature: { name: 'a signature', fix: 'name the file that it signs' },
  'spdx-json': { name: 'an SPDX document', fix: 'name it as an SBOM' },
  json: { name: 'JSON', fix: MEANT },
  html: { name: 'an HTML page', fix: 'download the file again: a page came in its place' },
  text: { name: 'text', fix: MEANT },
  unknown: { name: 'data of no format that is known here', fix: MEANT },
};

/** What unpacks each kind of compressed data. */
const DECOMPRESS: Readonly<Record<Compression, string>> = {
  gzip: 'gzip -d',
  xz: 'xz -d',
  zstd: 'zstd -d',
  lz4: 'lz4 -d',
  lzo: 'lzop -d',
  bzip2: 'bzip2 -d',
  lzma: 'xz --format=lzma -d',
  lzip: 'lzip -d',
  compress: 'gzip -d',
};

/** What is found by a superblock as well, and is no file system. */
const VOLUMES: Readonly<Partial<Record<FileSystemType, string>>> = {
  swap: 'a swap area',
  luks1: 'a LUKS volume of version 1, which is encrypted',
  luks2: 'a LUKS volume of version 2, which is encrypted',
  lvm2: 'a physical volume of LVM',
  'md-raid': 'a member of a RAID of Linux',
  'dm-verity': 'a hash tree of dm-verity',
};

/** Names what a volume is formatted as, with its article: names that begin with a vowel or with the letter x sound alike. */
const volumeName = (type: FileSystemType) =>
  VOLUMES[type] ?? `${/^[aeiox]|^f2|^ntfs|^hfs/.test(type) ? 'an' : 'a'} ${type} file system`;

/** Says what a file is, in words: `xz data`, `a squashfs file system`. */
export function nameOf({ kind, facts }: Inspection): string {
  if (kind === 'compressed' && facts) return `${facts.compression} data`;
  if (kind === 'file-system' && facts) return volumeName(facts.type);
  if (kind === 'signature' && facts) return `a signature (${facts.format})`;
  return FORMATS[kind].name;
}

/** Says what a person can do about a file that is of this kind and not of the one that was wanted. */
export function fixFor({ kind, facts }: Inspection): FailureDetails {
  if (kind === 'compressed' && facts) return { fix: `decompress it with ${DECOMPRESS[facts.compression]}` };
  const { fix } = FORMATS[kind];
  return fix === undefined ? {} : { fix };
}
