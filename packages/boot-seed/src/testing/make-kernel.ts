// SPDX-License-Identifier: Apache-2.0

/** A loadable segment of a kernel that a test makes up; what is left out follows from its place. */
export interface MadeSegment {
  readonly physical: bigint;
  readonly virtual?: bigint;
  readonly fileSize?: bigint;
  readonly memorySize?: bigint;
  readonly fileOffset?: bigint;
}

export interface MadeTag {
  readonly type: number;
  readonly optional?: boolean;
  /** 32-bit words after type, flags and size. */
  readonly words?: readonly number[];
  /** Instead of what the words take. */
  readonly size?: number;
}

export interface MadeKernel {
  readonly bits?: 32 | 64;
  readonly machine?: number;
  readonly entry?: bigint;
  readonly segments?: readonly MadeSegment[];
  readonly tags?: readonly MadeTag[];
  readonly architecture?: number;
  /** Whether the end tag is left out. */
  readonly endless?: boolean;
  /** Added to the header's checksum. */
  readonly checksumOff?: number;
  /** Bytes of the whole file; at least what is in it. */
  readonly fileSize?: number;
  /** Byte that the Multiboot 2 header begins at; none is written below 0. */
  readonly headerAt?: number;
}

const ENTRY = 0x100000n;

/** Makes an ELF file with a Multiboot 2 header, good by default, with whatever a test wants different. */
export function makeKernel(made: MadeKernel = {}): Uint8Array {
  const { bits = 32, entry = ENTRY, segments = [{ physical: ENTRY }], headerAt = 1024 } = made;
  const bytes = new Uint8Array(made.fileSize ?? 4096);
  const view = new DataView(bytes.buffer);
  const wide = bits === 64;
  const word = (at: number, value: bigint) =>
    wide ? view.setBigUint64(at, value, true) : view.setUint32(at, Number(BigInt.asUintN(32, value)), true);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1]);
  view.setUint16(18, made.machine ?? (wide ? 62 : 3), true);
  word(24, entry);
  const table = wide ? 64 : 52;
  word(wide ? 32 : 28, BigInt(table));
  const entrySize = wide ? 56 : 32;
  view.setUint16(wide ? 54 : 42, entrySize, true);
  view.setUint16(wide ? 56 : 44, segments.length, true);
  segments.forEach(
    ({ physical, virtual = physical, fileOffset = 0n, fileSize = 512n, memorySize = fileSize }, index) => {
      const at = table + index * entrySize;
      view.setUint32(at, 1, true);
      const [offset, vaddr, paddr, filesz, memsz] = wide ? [8, 16, 24, 32, 40] : [4, 8, 12, 16, 20];
      word(at + (offset ?? 0), fileOffset);
      word(at + (vaddr ?? 0), virtual);
      word(at + (paddr ?? 0), physical);
      word(at + (filesz ?? 0), fileSize);
      word(at + (memsz ?? 0), memorySize);
    },
  );
  if (headerAt >= 0) writeHeader(view, headerAt, made);
  return bytes;
}

function writeHeader(
  view: DataView,
  start: number,
  { tags = [], architecture = 0, checksumOff = 0, endless = false }: MadeKernel,
): void {
  let at = start + 16;
  for (const { type, optional = false, words = [], size = 8 + words.length * 4 } of endless
    ? tags
    : [...tags, { type: 0 }]) {
    view.setUint16(at, type, true);
    view.setUint16(at + 2, optional ? 1 : 0, true);
    view.setUint32(at + 4, size, true);
    words.forEach((value, index) => {
      view.setUint32(at + 8 + index * 4, value, true);
    });
    at += Math.ceil((8 + words.length * 4) / 8) * 8;
  }
  const length = at - start;
  const magic = 0xe85250d6;
  view.setUint32(start, magic, true);
  view.setUint32(start + 4, architecture, true);
  view.setUint32(start + 8, length, true);
  view.setUint32(start + 12, -(magic + architecture + length) + checksumOff, true);
}
