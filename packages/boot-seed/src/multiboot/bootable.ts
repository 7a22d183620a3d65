// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';
import { type ElfProgram, type ElfSegment, readElf } from './elf.js';
import { type Multiboot2Header, readMultiboot2 } from './header2.js';
import { checkTags, entryAddress } from './tags.js';

/** The largest kernel file that our loaders take, in bytes. */
export const MAX_KERNEL_SIZE = 16 * 1024 * 1024;

const MIB = 1n << 20n;
const GIB4 = 1n << 32n;
/** The machines that can be entered in 32-bit protected mode: `e_machine` by ELF class. */
const MACHINE = { 32: 3, 64: 62 } as const;

/** A kernel that our loaders will start, and where they enter it. */
export interface BootableKernel {
  readonly elf: ElfProgram;
  readonly header: Multiboot2Header;
  /** Physical address of the first instruction. */
  readonly entry: number;
}

/**
 * Checks that our BIOS and UEFI loaders can start a kernel: an ELF file of at most 16 MiB with a Multiboot 2
 * header, loaded between 1 MiB and 4 GiB, entered in 32-bit protected mode, that asks for nothing they do not
 * give. They give loader name, command line, memory sizes and memory map always; the framebuffer and the ACPI
 * root pointer where the machine has them, which is why no kernel may insist on those.
 *
 * @throws BootSeedError the `kernel-…` code that names what is in the way
 */
export function assertBootable(kernel: Uint8Array): BootableKernel {
  if (kernel.length > MAX_KERNEL_SIZE) {
    throw new BootSeedError(
      'kernel-too-large',
      `the kernel has ${kernel.length} bytes, expected at most ${MAX_KERNEL_SIZE}`,
    );
  }
  const elf = readElf(kernel);
  const header = readMultiboot2(kernel);
  if (header === undefined) {
    throw new BootSeedError(
      'kernel-not-multiboot2',
      'the kernel has no Multiboot 2 header in its first 32 KiB',
      {
        fix: 'link a kernel with a Multiboot 2 header',
      },
    );
  }
  if (header.architecture !== 0 || elf.machine !== MACHINE[elf.bits]) {
    throw new BootSeedError(
      'kernel-other-architecture',
      `the kernel is for Multiboot 2 architecture ${header.architecture} and ELF machine ${elf.machine} ` +
        `with ${elf.bits} bits; expected 0 and the 80386 or x86-64`,
    );
  }
  checkTags(header, elf);
  checkSegments(elf.segments);
  return { elf, header, entry: Number(findEntry(header, elf)) };
}

function checkSegments(segments: readonly ElfSegment[]): void {
  const sorted = [...segments].sort((a, b) => (a.physicalAddress < b.physicalAddress ? -1 : 1));
  let end = MIB;
  for (const { physicalAddress: from, memorySize } of sorted) {
    const place = `the kernel's segment at 0x${from.toString(16)} of ${memorySize} bytes`;
    if (from < MIB || from + memorySize >= GIB4) {
      throw new BootSeedError('kernel-bad-segment', `${place} does not lie between 1 MiB and 4 GiB`);
    }
    if (from < end) throw new BootSeedError('kernel-bad-segment', `${place} overlaps another`);
    end = from + memorySize;
  }
}

/**
 * Returns the physical address of the entry. An entry tag names that; the ELF header names one as linked, which moves
 * with its segment.
 */
function findEntry(header: Multiboot2Header, { entry, segments }: ElfProgram): bigint {
  const given = entryAddress(header);
  const inside = (address: bigint, from: bigint, { memorySize }: ElfSegment) =>
    address >= from && address < from + memorySize;
  const home =
    given === undefined
      ? segments.find((segment) => inside(entry, segment.virtualAddress, segment))
      : segments.find((segment) => inside(BigInt(given), segment.physicalAddress, segment));
  if (home === undefined) {
    const address = given === undefined ? entry : BigInt(given);
    throw new BootSeedError(
      'kernel-no-entry',
      `the kernel's entry 0x${address.toString(16)} lies in none of its segments`,
    );
  }
  return given === undefined ? entry - home.virtualAddress + home.physicalAddress : BigInt(given);
}
