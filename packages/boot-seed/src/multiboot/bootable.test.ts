// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BootSeedError, type BootSeedErrorCode } from '../error.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { type MadeKernel, makeKernel } from '../testing/make-kernel.js';
import { assertBootable, MAX_KERNEL_SIZE } from './bootable.js';
import { readElf } from './elf.js';

function refusal(kernel: Uint8Array): BootSeedErrorCode | undefined {
  try {
    assertBootable(kernel);
    return undefined;
  } catch (error) {
    if (error instanceof BootSeedError && error.kind === 'data') return error.code;
    throw error;
  }
}

const MIB = 0x100000n;

describe('assertBootable', () => {
  it('the seed is bootable', () => {
    const { entry, elf } = assertBootable(PREBUILT_PARTS.kernel);
    expect(elf.segments).toHaveLength(1);
    expect(entry).toBeGreaterThan(0x100000);
  });

  const good: [string, MadeKernel, number][] = [
    ['nothing special', {}, 0x100000],
    ['64 bits', { bits: 64 }, 0x100000],
    ['a header at the end of the first 32 KiB', { fileSize: 65536, headerAt: 32768 - 24 }, 0x100000],
    [
      'an entry that moves with its segment',
      {
        bits: 64,
        entry: 0xffffffff80000010n,
        segments: [{ physical: 2n * MIB, virtual: 0xffffffff80000000n }],
      },
      0x200010,
    ],
    ['an entry tag', { entry: 7n, tags: [{ type: 3, words: [0x100004, 0] }] }, 0x100004],
    [
      'a request for information that is always there',
      { tags: [{ type: 1, words: [1, 2, 4, 6] }] },
      0x100000,
    ],
    [
      'wishes that are optional',
      {
        tags: [
          { type: 5, optional: true, words: [0, 0, 0] },
          { type: 1, optional: true, words: [3, 8] },
          { type: 6, optional: true },
          { type: 7, optional: true },
          { type: 99, optional: true },
        ],
      },
      0x100000,
    ],
    ['a wish for a console where there is one', { tags: [{ type: 4, words: [2] }] }, 0x100000],
    [
      'leave to stay where it is linked',
      { tags: [{ type: 10, words: [0x100000, 0xffffffff, 4096, 0] }] },
      0x100000,
    ],
    [
      'segments that touch',
      { segments: [{ physical: MIB, memorySize: MIB }, { physical: 2n * MIB }] },
      0x100000,
    ],
  ];
  it.each(good)('a kernel with %s is bootable', (_, made, entry) => {
    expect(assertBootable(makeKernel(made)).entry).toBe(entry);
  });

  const bad: [BootSeedErrorCode, string, MadeKernel][] = [
    ['kernel-too-large', 'more than 16 MiB', { fileSize: MAX_KERNEL_SIZE + 1 }],
    ['kernel-not-multiboot2', 'no header', { headerAt: -1 }],
    ['kernel-not-multiboot2', 'a header past the first 32 KiB', { fileSize: 65536, headerAt: 32768 }],
    ['kernel-not-multiboot2', 'a header off its alignment', { headerAt: 1028 }],
    ['kernel-bad-header', 'a wrong checksum', { checksumOff: 1 }],
    ['kernel-bad-header', 'a header that passes the first 32 KiB', { fileSize: 65536, headerAt: 32768 - 16 }],
    ['kernel-bad-header', 'a tag of no size', { tags: [{ type: 1, size: 0 }] }],
    ['kernel-bad-header', 'a tag larger than the header', { tags: [{ type: 1, size: 4096 }] }],
    ['kernel-bad-header', 'no end tag', { endless: true, tags: [{ type: 1, words: [1, 2] }] }],
    ['kernel-bad-header', 'an entry tag without an address', { tags: [{ type: 3 }] }],
    ['kernel-other-architecture', 'MIPS', { architecture: 4 }],
    ['kernel-other-architecture', 'an ELF file for ARM', { machine: 40 }],
    ['kernel-other-architecture', '32 bits of x86-64', { machine: 62 }],
    ['kernel-wants-modules', 'modules', { tags: [{ type: 1, words: [1, 3] }] }],
    ['kernel-wants-modules', 'an alignment of modules', { tags: [{ type: 6 }] }],
    ['kernel-wants-information', 'ELF symbols', { tags: [{ type: 1, words: [9] }] }],
    ['kernel-wants-information', 'ACPI tables', { tags: [{ type: 1, words: [14] }] }],
    ['kernel-wants-console', 'a console', { tags: [{ type: 4, words: [3] }] }],
    ['kernel-wants-framebuffer', 'a video mode', { tags: [{ type: 5, words: [1024, 768, 32] }] }],
    ['kernel-wants-boot-services', 'boot services', { tags: [{ type: 7 }] }],
    [
      'kernel-wants-relocation',
      'a move to another place',
      { tags: [{ type: 10, words: [0x200000, 0xffffffff, 4096, 0] }] },
    ],
    [
      'kernel-wants-address-loading',
      'load addresses, even as a wish',
      { tags: [{ type: 2, optional: true, words: [0, 0, 0, 0] }] },
    ],
    ['kernel-wants-unknown', 'what nobody knows', { tags: [{ type: 99 }] }],
    ['kernel-bad-segment', 'a segment below 1 MiB', { segments: [{ physical: MIB - 512n }] }],
    ['kernel-bad-segment', 'a segment past 4 GiB', { bits: 64, segments: [{ physical: 1n << 32n }] }],
    [
      'kernel-bad-segment',
      'a segment that ends at 4 GiB',
      { bits: 64, segments: [{ physical: (1n << 32n) - 512n }] },
    ],
    [
      'kernel-bad-segment',
      'segments that overlap',
      { segments: [{ physical: MIB, memorySize: 513n }, { physical: MIB + 512n }] },
    ],
    ['kernel-bad-segment', 'a segment twice', { segments: [{ physical: MIB }, { physical: MIB }] }],
    ['kernel-bad-elf', 'a segment past the file', { segments: [{ physical: MIB, fileOffset: 3585n }] }],
    [
      'kernel-bad-elf',
      'an offset that wraps',
      { bits: 64, segments: [{ physical: MIB, fileOffset: (1n << 64n) - 1n }] },
    ],
    [
      'kernel-bad-elf',
      'more in the file than in memory',
      { segments: [{ physical: MIB, memorySize: 511n }] },
    ],
    ['kernel-no-entry', 'no segments', { segments: [] }],
    ['kernel-no-entry', 'an entry outside', { entry: 0x100200n }],
    ['kernel-no-entry', 'an entry tag outside', { tags: [{ type: 3, words: [0x100200, 0] }] }],
  ];
  it.each(bad)('a kernel is refused as %s for %s', (code, _, made) => {
    expect(refusal(makeKernel(made))).toBe(code);
  });

  it('a file that is no ELF file is refused', () => {
    expect(refusal(new Uint8Array(4096))).toBe('kernel-not-elf');
    expect(refusal(new Uint8Array())).toBe('kernel-not-elf');
  });

  it('every truncation of a kernel is refused by name', () => {
    for (const bits of [32, 64] as const) {
      const kernel = makeKernel({ bits, fileSize: 1536, segments: [{ physical: MIB, fileSize: 1536n }] });
      for (let length = 0; length < kernel.length; length++) {
        expect(refusal(kernel.subarray(0, length)), `${length} bytes`).toBeDefined();
      }
    }
  });

  it('every damage to a kernel ends in an answer or a named refusal', () => {
    const base = makeKernel({
      fileSize: 1200,
      headerAt: 128,
      tags: [
        { type: 1, words: [1, 2] },
        { type: 3, words: [0x100000, 0] },
      ],
    });
    const damage = fc.array(fc.tuple(fc.nat(220), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, (changes) => {
        const kernel = Uint8Array.from(base);
        for (const [at, value] of changes) kernel[at] = value;
        refusal(kernel);
      }),
      { numRuns: 2000 },
    );
  });

  it('a kernel reads back as the segments that it was made of', () => {
    const size = fc.bigInt(1n, 512n);
    const segment = fc.record({
      physical: fc.bigInt(0n, (1n << 32n) - 1n),
      virtual: fc.bigInt(0n, (1n << 32n) - 1n),
      fileOffset: fc.bigInt(0n, 1000n),
      fileSize: size,
      memorySize: fc.bigInt(512n, 1n << 31n),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(32 as const, 64 as const),
        fc.array(segment, { maxLength: 4 }),
        (bits, segments) => {
          const kernel = makeKernel({ bits, segments });
          expect(readElf(kernel).segments).toEqual(
            segments.map(({ physical, virtual, ...rest }) => ({
              ...rest,
              physicalAddress: physical,
              virtualAddress: virtual,
            })),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
