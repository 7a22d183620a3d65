// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../layout/source.js';
import { formatMbr, formatProtectiveMbr, type MbrPartition, readMbr } from './index.js';

const SECTORS = 4096;

/** Makes a source of an MBR alone, standing for a disk of {@link SECTORS} sectors. */
const disk = (mbr: Uint8Array) => {
  const bytes = new Uint8Array(SECTORS * 512);
  bytes.set(mbr);
  return bytesSource(bytes);
};

/** Up to four partitions apart from each other: gap, length, type, in turn. */
const partitions = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 255 }),
    ),
    {
      maxLength: 4,
    },
  )
  .map((parts) => {
    let at = 1;
    return parts.map(([gap, sectors, type], index): Required<MbrPartition> => {
      const firstLba = at + gap;
      at = firstLba + sectors;
      return { type, firstLba, sectors, active: index === 0 };
    });
  });

describe('MBR', () => {
  it('an MBR reads back as it was written', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 440 }),
        fc.nat(0xffffffff),
        partitions,
        (bootCode, diskSignature, planned) => {
          const mbr = readMbr(disk(formatMbr({ bootCode, diskSignature, partitions: planned })));
          expect(mbr.bootCode.subarray(0, bootCode.length)).toEqual(bootCode);
          expect(mbr.diskSignature).toBe(diskSignature);
          expect(mbr.partitions).toEqual(
            planned.map((partition, index) => ({ ...partition, number: index + 1 })),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('the protective record is that of UEFI 2.10 table 5-4', () => {
    const record = (diskSectors: number) => formatProtectiveMbr({ diskSectors }).subarray(446, 462);
    expect([...record(4096)]).toEqual([0, 0, 2, 0, 0xee, 65, 1, 0, 1, 0, 0, 0, 0xff, 0x0f, 0, 0]);
    expect([...record(2 ** 33)]).toEqual([0, 0, 2, 0, 0xee, 255, 255, 255, 1, 0, 0, 0, 255, 255, 255, 255]);
  });

  it.each([
    ['too-large', { bootCode: new Uint8Array(441) }],
    ['too-large', { partitions: Array(5).fill({ type: 1, firstLba: 1, sectors: 1 }) }],
    [
      'overlap',
      {
        partitions: [
          { type: 1, firstLba: 9, sectors: 2 },
          { type: 1, firstLba: 8, sectors: 2 },
        ],
      },
    ],
    ['out-of-range', { partitions: [{ type: 0, firstLba: 9, sectors: 2 }] }],
    ['out-of-range', { partitions: [{ type: 1, firstLba: 0, sectors: 2 }] }],
    ['out-of-range', { partitions: [{ type: 1, firstLba: 2, sectors: 0xffffffff }] }],
    ['out-of-range', { diskSignature: -1 }],
  ])('formatMbr refuses as %s: %j', (code, plan) => {
    expect(() => formatMbr(plan)).toThrow(expect.objectContaining({ name: 'ImageError', code }));
  });

  it.each<[string, number, number]>([
    ['bad-magic', 511, 0],
    ['corrupt', 446, 0x81],
    ['corrupt', 462, 0x80],
    ['corrupt', 450, 0],
    ['corrupt', 454, 12],
    ['corrupt', 458, 0],
    ['truncated', 476, 1],
  ])('readMbr refuses as %s when byte %i is %i', (code, offset, value) => {
    const bytes = formatMbr({
      partitions: [
        { type: 1, firstLba: 10, sectors: 5, active: true },
        { type: 2, firstLba: 15, sectors: 5 },
      ],
    });
    bytes[offset] = value;
    expect(() => readMbr(disk(bytes))).toThrow(expect.objectContaining({ name: 'ImageError', code }));
  });

  it('the record of isohybrid that covers the disk, of any type, is read with what lies inside it', () => {
    for (const type of [0, 0x17]) {
      const bytes = formatMbr({
        partitions: [
          { type: 1, firstLba: 1, sectors: 1, active: true },
          { type: 0xef, firstLba: 64, sectors: 16 },
        ],
      });
      const view = new DataView(bytes.buffer);
      view.setUint8(450, type);
      view.setUint32(454, 0, true);
      view.setUint32(458, SECTORS, true);
      expect(readMbr(disk(bytes)).partitions).toEqual([
        { number: 1, type, firstLba: 0, sectors: SECTORS, active: true },
        { number: 2, type: 0xef, firstLba: 64, sectors: 16, active: false },
      ]);
    }
  });

  it('a disk without room for an MBR is refused', () => {
    expect(() => readMbr(bytesSource(new Uint8Array(511)))).toThrow(
      expect.objectContaining({ code: 'truncated' }),
    );
  });
});
