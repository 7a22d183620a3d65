// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import type { Architecture } from '../pe/architecture.js';
import { fieldText, hasText, peek } from './bytes.js';

/** A Linux kernel as boot loaders start it. */
export interface LinuxKernel {
  readonly format: 'bzimage' | 'image' | 'zboot';
  readonly architecture: Architecture;
  /** What `uname -r` says and who built it, where the file tells. */
  readonly version: string | undefined;
  /** Version of the boot protocol of x86, `2.15`. */
  readonly protocol: string | undefined;
}

const MAX_VERSION = 512;
/** Where the boot protocol of x86 keeps its fields (Documentation/arch/x86/boot.rst). */
const X86 = {
  setupSectors: 0x1f1,
  size: 0x1f4,
  mark: 0x1fe,
  magic: 0x202,
  protocol: 0x206,
  version: 0x20e,
} as const;
const XLOADFLAGS = 0x236;

/** Reads a Linux kernel; undefined for what is none. @throws ImageError `truncated` where it is not all there */
export function readLinux(source: ByteSource): LinuxKernel | undefined {
  const head = peek(source, 0, 0x260);
  if (hasText(head, X86.magic, 'HdrS') && head.readUInt16LE(X86.mark) === 0xaa55)
    return readX86(source, head);
  if (hasText(head, 56, 'ARM\x64')) return image('aarch64');
  if (hasText(head, 56, 'RSC\x05')) return image('riscv64');
  if (hasText(head, 0, 'MZ') && hasText(head, 4, 'zimg')) {
    return { format: 'zboot', architecture: 'unknown', version: undefined, protocol: undefined };
  }
  return undefined;
}

function readX86(source: ByteSource, head: Buffer): LinuxKernel {
  const protocol = head.readUInt16LE(X86.protocol);
  const setup = ((head.readUInt8(X86.setupSectors) || 4) + 1) * 512;
  // Before protocol 2.04 only the low 16 bits of the size count.
  const units = protocol >= 0x204 ? head.readUInt32LE(X86.size) : head.readUInt16LE(X86.size);
  const end = setup + units * 16;
  if (end > source.size) {
    throw new ImageError('truncated', `the Linux kernel ends at byte ${end}, the file at ${source.size}`);
  }
  const at = head.readUInt16LE(X86.version);
  const text = at === 0 ? Buffer.alloc(0) : peek(source, at + 512, MAX_VERSION);
  const is64 = protocol >= 0x20c && (head.readUInt16LE(XLOADFLAGS) & 1) !== 0;
  return {
    format: 'bzimage',
    architecture: is64 ? 'x86_64' : 'x86',
    version: fieldText(text, 0, text.length) || undefined,
    protocol: `${protocol >> 8}.${String(protocol & 0xff).padStart(2, '0')}`,
  };
}

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
