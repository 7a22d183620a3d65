// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { Structure } from '../layout/structure.js';

/** A bzImage as the boot protocol of x86 describes it: what a loader has to know, and what the kernel says of itself. */
export interface BzImage {
  /** Version of the boot protocol: major in the high byte, minor in the low one. */
  readonly protocol: number;
  /** Bytes of the real-mode part, with the boot sector: where the protected-mode part begins. */
  readonly setupSize: number;
  /** Bytes that the header accounts for. What follows is padding, or a signature. */
  readonly size: number;
  /** What `uname -r` says and who built it, where the file tells. */
  readonly version: string | undefined;
  /** The protected-mode part is made for 1 MiB and above: bzImage and not zImage. */
  readonly loadedHigh: boolean;
  /** The kernel runs wherever it is loaded; from protocol 2.05 on. */
  readonly relocatable: boolean;
  /** The kernel is of 64 bits; from protocol 2.12 on a kernel tells. */
  readonly is64Bit: boolean;
  /** The kernel can be started by UEFI firmware of 64 bits through its handover entry; from protocol 2.12 on it tells. */
  readonly efiHandover64: boolean;
  /** The most characters of a command line, without its NUL; 255 before protocol 2.06. */
  readonly commandLineLimit: number;
  /** The last byte of memory that an initramfs may occupy. */
  readonly initrdAddressMax: number;
  /** The address at which the kernel wants to be loaded; undefined before protocol 2.10. */
  readonly preferredAddress: bigint | undefined;
  /** The bytes that the kernel uses from where it is loaded before it reads the memory map; likewise. */
  readonly initSize: number | undefined;
}

/** Where the fields are (Documentation/arch/x86/boot.rst of Linux). */
const AT = {
  setupSectors: 0x1f1,
  size: 0x1f4,
  mark: 0x1fe,
  magic: 0x202,
  protocol: 0x206,
  version: 0x20e,
  loadFlags: 0x211,
  initrdAddressMax: 0x22c,
  relocatable: 0x234,
  xloadFlags: 0x236,
  commandLineSize: 0x238,
  preferredAddress: 0x258,
  initSize: 0x260,
} as const;
const HEADER_END = 0x264;
const MAX_VERSION = 512;
const LOADED_HIGH = 1;
const XLF_KERNEL_64 = 1;
const XLF_EFI_HANDOVER_64 = 8;

/** Reads the bytes at `offset`, fewer where the source ends. */
function peek(source: ByteSource, offset: number, length: number): Structure {
  const available = Math.max(0, Math.min(length, source.size - offset));
  return Structure.over(available === 0 ? new Uint8Array(0) : readBytes(source, offset, available));
}

/**
 * Reads the header of a bzImage, a kilobyte of the file; undefined for what is none.
 * @throws ImageError `truncated` where the file ends before the kernel does
 */
export function readBzImage(source: ByteSource): BzImage | undefined {
  const bytes = peek(source, 0, HEADER_END);
  if (bytes.text(AT.magic, AT.magic + 4) !== 'HdrS') return undefined;
  if (bytes.u16(AT.mark) !== 0xaa55) return undefined;
  // The fields that a protocol does not have yet are code, or lie past a file that is too short to have them.
  const head = Structure.join([bytes, new Uint8Array(HEADER_END - bytes.length)]);
  const protocol = head.u16(AT.protocol);
  const setupSize = ((head.u8(AT.setupSectors) || 4) + 1) * 512;
  // Before protocol 2.04 only the low 16 bits of the size count.
  const units = protocol >= 0x204 ? head.u32(AT.size) : head.u16(AT.size);
  const size = setupSize + units * 16;
  if (size > source.size) {
    throw new ImageError('truncated', `the Linux kernel ends at byte ${size}, the file at ${source.size}`);
  }
  const xloadFlags = protocol >= 0x20c ? head.u16(AT.xloadFlags) : 0;
  return {
    protocol,
    setupSize,
    size,
    version: readVersion(source, head.u16(AT.version)),
    loadedHigh: (head.u8(AT.loadFlags) & LOADED_HIGH) !== 0,
    relocatable: protocol >= 0x205 && head.u8(AT.relocatable) !== 0,
    is64Bit: (xloadFlags & XLF_KERNEL_64) !== 0,
    efiHandover64: (xloadFlags & XLF_EFI_HANDOVER_64) !== 0,
    commandLineLimit: protocol >= 0x206 ? head.u32(AT.commandLineSize) : 255,
    initrdAddressMax: protocol >= 0x203 ? head.u32(AT.initrdAddressMax) : 0x37ffffff,
    preferredAddress: protocol >= 0x20a ? head.u64(AT.preferredAddress) : undefined,
    initSize: protocol >= 0x20a ? head.u32(AT.initSize) : undefined,
  };
}

/** Reads the kernel's version: text up to a NUL, at the place that the header names, less the boot sector. */
function readVersion(source: ByteSource, place: number): string | undefined {
  if (place === 0) return undefined;
  const text =
    peek(source, place + 512, MAX_VERSION)
      .text()
      .split('\0', 1)[0] ?? '';
  return text.trimEnd() || undefined;
}
