// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';

/** A program header of type PT_LOAD (System V ABI, chapter 5). */
export interface ElfSegment {
  /** Where its bytes begin in the file. */
  readonly fileOffset: bigint;
  readonly fileSize: bigint;
  /** The address it is linked for. */
  readonly virtualAddress: bigint;
  /** The address it is loaded to. */
  readonly physicalAddress: bigint;
  /** Bytes in memory; what exceeds `fileSize` is zeros. */
  readonly memorySize: bigint;
}

/** The parts of an ELF file that loading it needs. */
export interface ElfProgram {
  readonly bits: 32 | 64;
  /** `e_machine`: 3 is the 80386, 62 x86-64. */
  readonly machine: number;
  /** As linked; not translated to a physical address. */
  readonly entry: bigint;
  /** In the file's order, those of no size left out. */
  readonly segments: readonly ElfSegment[];
}

const PT_LOAD = 1;
/** Offsets in the file header (System V ABI, chapter 4) and in a program header, for both classes. */
const SHAPE = {
  32: {
    header: 52,
    phoff: 28,
    phentsize: 42,
    size: 32,
    at: { offset: 4, virtual: 8, physical: 12, file: 16, memory: 20 },
  },
  64: {
    header: 64,
    phoff: 32,
    phentsize: 54,
    size: 56,
    at: { offset: 8, virtual: 16, physical: 24, file: 32, memory: 40 },
  },
} as const;

/** Reads the program headers of a little-endian ELF file. @throws BootSeedError `kernel-not-elf`, `kernel-bad-elf` */
export function readElf(bytes: Uint8Array): ElfProgram {
  if (bytes.length < 52 || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== '\x7fELF') {
    throw new BootSeedError('kernel-not-elf', 'the kernel does not begin as an ELF file does');
  }
  const [, , , , elfClass, encoding] = bytes;
  if ((elfClass !== 1 && elfClass !== 2) || encoding !== 1) {
    throw bad(`class ${elfClass} and byte order ${encoding}, expected class 1 or 2, byte order 1`);
  }
  const bits = elfClass === 1 ? 32 : 64;
  const shape = SHAPE[bits];
  if (bytes.length < shape.header) throw bad(`${bytes.length} bytes do not hold its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => (bits === 32 ? BigInt(view.getUint32(at, true)) : view.getBigUint64(at, true));
  const table = word(shape.phoff);
  const entrySize = view.getUint16(shape.phentsize, true);
  const count = view.getUint16(shape.phentsize + 2, true);
  if (count > 0 && entrySize !== shape.size) {
    throw bad(`program headers of ${entrySize} bytes, expected ${shape.size}`);
  }
  if (table + BigInt(count * entrySize) > BigInt(bytes.length)) {
    throw bad(`${count} program headers at byte ${table} pass its end at ${bytes.length}`);
  }
  const segments: ElfSegment[] = [];
  for (let index = 0; index < count; index++) {
    const at = Number(table) + index * entrySize;
    if (view.getUint32(at, true) !== PT_LOAD) continue;
    const segment = {
      fileOffset: word(at + shape.at.offset),
      fileSize: word(at + shape.at.file),
      virtualAddress: word(at + shape.at.virtual),
      physicalAddress: word(at + shape.at.physical),
      memorySize: word(at + shape.at.memory),
    };
    if (segment.fileOffset + segment.fileSize > BigInt(bytes.length)) {
      throw bad(
        `program header ${index} names ${segment.fileSize} bytes at ${segment.fileOffset}, past its end`,
      );
    }
    if (segment.fileSize > segment.memorySize) {
      throw bad(
        `program header ${index} has ${segment.fileSize} bytes in the file for ${segment.memorySize} in memory`,
      );
    }
    if (segment.memorySize > 0n) segments.push(segment);
  }
  return { bits, machine: view.getUint16(18, true), entry: word(24), segments };
}

const bad = (what: string) =>
  new BootSeedError('kernel-bad-elf', `the kernel's ELF file is damaged: ${what}`);
