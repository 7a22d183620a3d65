// SPDX-License-Identifier: Apache-2.0

/** One change of a kernel that keeps its length. */
export interface Alteration {
  readonly name: string;
  apply(kernel: Buffer): Buffer;
}

/** The fields of an ELF header of 32 bits: place, bytes, name (System V ABI, chapter 4). */
const HEADER = [
  [0, 4, 'magic'],
  [4, 1, 'class'],
  [5, 1, 'byte order'],
  [16, 2, 'type'],
  [18, 2, 'machine'],
  [20, 4, 'version'],
  [24, 4, 'entry'],
  [28, 4, 'place of program headers'],
  [32, 4, 'place of section headers'],
  [40, 2, 'size'],
  [42, 2, 'size of a program header'],
  [44, 2, 'number of program headers'],
  [46, 2, 'size of a section header'],
  [48, 2, 'number of section headers'],
] as const;
/** The fields of a program header. */
const PROGRAM = [
  [0, 4, 'type'],
  [4, 4, 'offset'],
  [8, 4, 'virtual address'],
  [12, 4, 'physical address'],
  [16, 4, 'bytes in the file'],
  [20, 4, 'bytes in memory'],
] as const;
const PROGRAM_BYTES = 32;
/** As many kernels with random bytes in their code as there are. */
const RANDOM_KERNELS = 40;

/** Lists alterations of a kernel, the same every time: of its headers, its entry, and its code. */
export function alterationsOf(kernel: Buffer): readonly Alteration[] {
  const random = generator(0x1a77);
  const programs = kernel.readUInt32LE(28);
  const count = kernel.readUInt16LE(44);
  const field = (name: string, at: number, bytes: number, value: number): Alteration[] => {
    const limited = value % 2 ** (8 * bytes);
    if (kernel.readUIntLE(at, bytes) === limited) return [];
    const apply = (from: Buffer) => {
      const altered = Buffer.from(from);
      altered.writeUIntLE(limited, at, bytes);
      return altered;
    };
    return [{ name: `${name} ${limited}`, apply }];
  };
  const values = (at: number, bytes: number) => {
    const now = kernel.readUIntLE(at, bytes);
    return [
      ...new Set(
        [0, now + 1, 2 ** (8 * bytes) - 1, random(2 ** 32)].map((value) => value % 2 ** (8 * bytes)),
      ),
    ];
  };
  const headers = HEADER.flatMap(([at, bytes, name]) =>
    values(at, bytes).flatMap((value) => field(`header, ${name}`, at, bytes, value)),
  );
  const segments = Array.from({ length: count }, (_, index) => programs + PROGRAM_BYTES * index).flatMap(
    (start, index) =>
      PROGRAM.flatMap(([at, bytes, name]) =>
        values(start + at, bytes).flatMap((value) =>
          field(`program ${index}, ${name}`, start + at, bytes, value),
        ),
      ),
  );
  const entry = kernel.readUInt32LE(24);
  const entries = [-0x100, -1, 2, 3, 5, 16, 64, 0x1000, 0x100000].flatMap((way) =>
    field(`entry by ${way},`, 24, 4, entry + way),
  );
  // Behind the headers, where the code begins.
  const from = Math.max(52, programs + PROGRAM_BYTES * count);
  const code = Array.from({ length: RANDOM_KERNELS }, (_, index): Alteration => {
    const changes = Array.from(
      { length: 1 + random(8) },
      () => [from + random(kernel.length - from), 1 + random(255)] as const,
    );
    return {
      name: `code ${index}`,
      apply(given) {
        const altered = Buffer.from(given);
        for (const [at, mask] of new Map(changes)) altered.writeUInt8(given.readUInt8(at) ^ mask, at);
        return altered;
      },
    };
  });
  return [...headers, ...segments, ...entries, ...code];
}

/** Returns a generator of whole numbers below a limit, the same for the same seed (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
