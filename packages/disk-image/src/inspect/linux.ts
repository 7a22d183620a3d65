// SPDX-License-Identifier: Apache-2.0
import { type BzImage, readBzImage } from '../bzimage/read.js';
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { type Architecture, architectureOf } from '../pe/architecture.js';
import { hasText, peek } from './bytes.js';

/** A Linux kernel as boot loaders start it. */
export interface LinuxKernel {
  readonly format: 'bzimage' | 'image' | 'zboot';
  readonly architecture: Architecture;
  /** What `uname -r` says and who built it, where the file tells. */
  readonly version: string | undefined;
  /** Version of the boot protocol of x86, `2.15`. */
  readonly protocol: string | undefined;
}

/** Reads a Linux kernel; undefined for what is none. @throws ImageError `truncated` where it is not all there */
export function readLinux(source: ByteSource): LinuxKernel | undefined {
  const x86 = readBzImage(source);
  if (x86 !== undefined) return describeX86(x86);
  const head = peek(source, 0, 64);
  if (hasText(head, 56, 'ARM\x64')) return image('aarch64');
  if (hasText(head, 56, 'RSC\x05')) return image('riscv64');
  return isZboot(head) ? readZboot(source, head) : undefined;
}

/** Returns whether a file begins as an EFI program that unpacks the kernel in it. */
export const isZboot = (head: Buffer) =>
  head.length >= 64 && hasText(head, 0, 'MZ') && hasText(head, 4, 'zimg');

/** Reads the header of such a program (drivers/firmware/efi/libstub/zboot-header.S), which says where the kernel lies. */
function readZboot(source: ByteSource, head: Buffer): LinuxKernel {
  const end = head.readUInt32LE(8) + head.readUInt32LE(12);
  if (end > source.size)
    throw new ImageError('truncated', `the packed kernel ends at byte ${end}, the file at ${source.size}`);
  const machine = peek(source, head.readUInt32LE(60) + 4, 2);
  const architecture = machine.length === 2 ? architectureOf(machine.readUInt16LE(0)) : 'unknown';
  return { format: 'zboot', architecture, version: undefined, protocol: undefined };
}

const describeX86 = ({ protocol, version, is64Bit }: BzImage): LinuxKernel => ({
  format: 'bzimage',
  architecture: is64Bit ? 'x86_64' : 'x86',
  version,
  protocol: `${protocol >> 8}.${String(protocol & 0xff).padStart(2, '0')}`,
});

/**
 * Describes an image of arm64 or RISC-V. Its header gives the size in memory, which says nothing of the length of the
 * file.
 */
const image = (architecture: Architecture): LinuxKernel => ({
  format: 'image',
  architecture,
  version: undefined,
  protocol: undefined,
});
