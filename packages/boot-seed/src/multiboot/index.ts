// SPDX-License-Identifier: Apache-2.0
export { assertBootable, type BootableKernel, MAX_KERNEL_SIZE } from './bootable.js';
export { type ElfProgram, type ElfSegment, readElf } from './elf.js';
export { findMultiboot1, type Multiboot1Header } from './header1.js';
export { type Multiboot2Header, type Multiboot2Tag, readMultiboot2 } from './header2.js';
