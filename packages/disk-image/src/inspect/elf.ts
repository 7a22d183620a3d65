// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import type { Architecture } from '../pe/architecture.js';
import { hasText, peek } from './bytes.js';

/** A program in ELF. */
export interface ElfProgram {
  readonly architecture: Architecture;
  readonly bits: 32 | 64;
  readonly type: 'executable' | 'shared' | 'relocatable' | 'core' | 'other';
  /** The Multiboot headers in it: it is a kernel that GRUB starts by them. */
  readonly multiboot: readonly (1 | 2)[];
}

const MACHINES: Readonly<Record<number, Architecture>> = {
  3: 'x86',
  62: 'x86_64',
  40: 'arm',
  183: 'aarch64',
  243: 'riscv64',
  258: 'loongarch64',
  50: 'ia64',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  8: 'mips',
};
const TYPES = ['other', 'relocatable', 'executable', 'shared', 'core'] as const;

/** Reads the headers of an ELF file; undefined for what is none. @throws ImageError `truncated` or `corrupt` */
export function readElf(source: ByteSource): ElfProgram | undefined {
  const id = peek(source, 0, 16);
  if (!hasText(id, 0, '\x7fELF')) return undefined;
  const [kind, order] = [id[4], id[5]];
  if ((kind !== 1 && kind !== 2) || (order !== 1 && order !== 2)) {
    throw new ImageError('corrupt', `ELF header of class ${kind} and byte order ${order}`);
  }
  const little = order === 1;
  const wide = kind === 2;
  const header = readStructure(source, 0, wide ? 64 : 52, 'ELF header');
  const word = (view: DataView, at: number) =>
    wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const at = word(header, wide ? 32 : 28);
  const entrySize = header.getUint16(wide ? 54 : 42, little);
  const count = header.getUint16(wide ? 56 : 44, little);
  if (count > 0 && entrySize < (wide ? 56 : 32)) {
    throw new ImageError('corrupt', `ELF program headers of ${entrySize} bytes`);
  }
  for (let index = 0; index < count; index++) {
    const segment = readStructure(source, at + index * entrySize, entrySize, `ELF program header ${index}`);
    const end = word(segment, wide ? 8 : 4) + word(segment, wide ? 32 : 16);
    if (end > source.size) {
      throw new ImageError(
        'truncated',
        `ELF segment ${index} ends at byte ${end}, the file at ${source.size}`,
      );
    }
  }
  return {
    architecture: MACHINES[header.getUint16(18, little)] ?? 'unknown',
    bits: wide ? 64 : 32,
    type: TYPES[header.getUint16(16, little)] ?? 'other',
    multiboot: findMultiboot(source),
  };
}

/** A header of Multiboot: its mark, where it has to lie, and how many of its words add up to nothing. */
const MULTIBOOT = [
  { version: 1, magic: 0x1badb002, within: 8192, step: 4, words: 3 },
  { version: 2, magic: 0xe85250d6, within: 32768, step: 8, words: 4 },
] as const;

/** Lists the versions of Multiboot of which a file has a valid header. */
export function findMultiboot(source: ByteSource): (1 | 2)[] {
  const head = peek(source, 0, 32768);
  return MULTIBOOT.filter(({ magic, within, step, words }) => {
    const end = Math.min(within, head.length) - 4 * words;
    for (let at = 0; at <= end; at += step) {
      if (head.readUInt32LE(at) !== magic) continue;
      let sum = 0;
      for (let word = 0; word < words; word++) sum = (sum + head.readUInt32LE(at + 4 * word)) >>> 0;
      if (sum === 0) return true;
    }
    return false;
  }).map(({ version }) => version);
}
