// SPDX-License-Identifier: Apache-2.0
import { BootSeedError, type KernelRefusal } from '../error.js';
import type { ElfProgram } from './elf.js';
import type { Multiboot2Header, Multiboot2Tag } from './header2.js';

/** Tags of a header (Multiboot 2.0, sections 3.1.3 to 3.1.13). */
const TAG = {
  information: 1,
  address: 2,
  entry: 3,
  console: 4,
  framebuffer: 5,
  moduleAlignment: 6,
  bootServices: 7,
  entryEfi32: 8,
  entryEfi64: 9,
  relocatable: 10,
} as const;

const MODULES = 3;
/** Types of information that every kernel gets: command line, loader name, memory sizes, memory map. */
const ALWAYS_GIVEN: readonly number[] = [1, 2, 4, 6];

/** Returns the physical address of an entry address tag, if there is one. */
export function entryAddress({ tags }: Multiboot2Header): number | undefined {
  return tags.findLast(({ type }) => type === TAG.entry)?.data.getUint32(0, true);
}

/**
 * Refuses a kernel that asks for what our loaders do not give.
 * @throws BootSeedError with the matching `kernel-…` code
 */
export function checkTags(header: Multiboot2Header, elf: ElfProgram): void {
  for (const tag of header.tags) checkTag(tag, elf);
}

function checkTag(tag: Multiboot2Tag, elf: ElfProgram): void {
  const { type, required, data } = tag;
  if (data.byteLength < leastBytes(type)) {
    throw new BootSeedError('kernel-bad-header', `tag ${type} of the Multiboot 2 header has too few bytes`);
  }
  // Where the kernel is loaded is never a wish: even an optional tag would change it.
  if (type === TAG.address)
    throw refusal('kernel-wants-address-loading', 'to be loaded by addresses instead of as ELF');
  if (!required) return;
  switch (type) {
    case TAG.information:
      checkInformation(data);
      return;
    case TAG.entry:
    case TAG.entryEfi32:
    case TAG.entryEfi64: // count only when boot services are kept, which has a tag of its own
      return;
    case TAG.console:
      if ((data.getUint32(0, true) & 1) === 1)
        throw refusal('kernel-wants-console', 'a console on every machine');
      return;
    case TAG.framebuffer:
      throw refusal('kernel-wants-framebuffer', 'a video mode of its own');
    case TAG.moduleAlignment:
      throw refusal('kernel-wants-modules', 'modules');
    case TAG.bootServices:
      throw refusal('kernel-wants-boot-services', 'EFI boot services to go on running');
    case TAG.relocatable:
      checkRelocatable(data, elf);
      return;
    default:
      throw refusal('kernel-wants-unknown', `something unknown (header tag ${type})`);
  }
}

function leastBytes(type: number): number {
  if (type === TAG.relocatable) return 16;
  return type === TAG.entry || type === TAG.console ? 4 : 0;
}

function checkInformation(data: DataView): void {
  for (let at = 0; at + 4 <= data.byteLength; at += 4) {
    const wanted = data.getUint32(at, true);
    if (wanted === MODULES) throw refusal('kernel-wants-modules', 'modules');
    if (!ALWAYS_GIVEN.includes(wanted)) {
      throw refusal('kernel-wants-information', `information of type ${wanted}, which not every machine has`);
    }
  }
}

/**
 * Refuses a kernel that can be moved, but not to every place that it is linked at, which is where our loaders put it.
 */
function checkRelocatable(data: DataView, { segments }: ElfProgram): void {
  const [least, most] = [BigInt(data.getUint32(0, true)), BigInt(data.getUint32(4, true))];
  const fits = segments.every(
    ({ physicalAddress, memorySize }) =>
      physicalAddress >= least && physicalAddress + memorySize - 1n <= most,
  );
  if (!fits) throw refusal('kernel-wants-relocation', 'to be moved from where it is linked');
}

const refusal = (code: KernelRefusal, what: string) =>
  new BootSeedError(code, `the kernel asks for ${what}, which the Latticra loaders do not give`, {
    fix: 'mark the tag of its Multiboot 2 header as optional, or build a kernel that does without',
  });
