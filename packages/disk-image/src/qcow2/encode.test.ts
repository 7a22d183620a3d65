// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLayout, type Extent, layoutSource } from '../layout/layout.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { CLUSTER, encoded, filled, GIB, small } from '../testing/qcow2.js';
import { checkQcow2, encodeQcow2, openQcow2 } from './index.js';

/** Disks of up to a few clusters with a handful of pieces anywhere in them. */
const disks = fc
  .tuple(
    fc.integer({ min: 0, max: 20 * CLUSTER }),
    fc.array(fc.tuple(fc.nat(3 * CLUSTER), fc.integer({ min: 1, max: 2 * CLUSTER })), { maxLength: 6 }),
  )
  .map(([size, pieces]) => {
    let end = 0;
    const extents: Extent[] = [];
    for (const [gap, length] of pieces) {
      if (end + gap + length > size) break;
      extents.push(filled(end + gap, length, 1 + (extents.length % 255)));
      end += gap + length;
    }
    return createLayout(size, extents);
  });

describe('encodeQcow2', () => {
  it('a file reads back as the disk that went in, and checks without a fault', () => {
    fc.assert(
      fc.property(disks, (disk) => {
        const file = encoded(disk);
        const opened = openQcow2(file);
        expect(opened.size).toBe(Math.ceil(disk.size / 512) * 512);
        const expected = readBytes(layoutSource(disk), 0, disk.size);
        expect(Buffer.compare(readBytes(opened, 0, disk.size), expected)).toBe(0);
        expect(checkQcow2(file)).toMatchObject({ leaks: 0, errors: 0, problems: [] });
      }),
      { numRuns: 30 },
    );
  });

  it('the clusters that are touched are allocated, and no others', () => {
    expect(checkQcow2(small)).toMatchObject({ allocatedClusters: 2, fileClusters: 7 });
  });

  it('a disk of 64 GiB takes no more of the file than its content needs', () => {
    const disk = createLayout(64 * GIB, [filled(5 * GIB - 3, 1000, 7), filled(64 * GIB - 10, 10, 8)]);
    const file = encodeQcow2(disk);
    expect(file.size).toBeLessThan(12 * CLUSTER);
    const opened = openQcow2(layoutSource(file));
    expect(opened.size).toBe(64 * GIB);
    expect([...readBytes(opened, 5 * GIB - 4, 3)]).toEqual([0, 7, 7]);
    expect([...readBytes(opened, 64 * GIB - 11, 11)]).toEqual([0, ...Array(10).fill(8)]);
    expect(checkQcow2(layoutSource(file))).toMatchObject({ allocatedClusters: 3, leaks: 0, errors: 0 });
  });

  it('the refcount blocks are counted themselves, also where one is not enough', () => {
    const zeros: ByteSource = { size: 5 * GIB, readInto: (into) => into.fill(0) };
    const file = encoded(createLayout(5 * GIB, [{ offset: 0, source: zeros }]));
    const found = checkQcow2(file);
    expect(found).toMatchObject({ allocatedClusters: 81920, leaks: 0, errors: 0 });
    expect(checkQcow2(file, 50_000)).toEqual(found);
  });

  it('the disk is as large as asked, in whole sectors', () => {
    const disk = createLayout(700, [filled(0, 700, 1)]);
    expect(openQcow2(layoutSource(encodeQcow2(disk))).size).toBe(1024);
    expect(openQcow2(layoutSource(encodeQcow2(disk, { virtualSize: GIB }))).size).toBe(GIB);
  });

  it('a disk that QEMU would not open is refused', () => {
    expect(() => encodeQcow2(createLayout(2 ** 51 + 512, []))).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });
});
