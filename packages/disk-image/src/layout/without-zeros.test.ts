// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeQcow2 } from '../qcow2/encode.js';
import { createLayout, layoutSource } from './layout.js';
import { type ByteSource, bytesSource, readBytes, sliceSource } from './source.js';
import { withoutZeros } from './without-zeros.js';

const UNIT = 1 << 16;

it('an image without its zeros reads as it did, and has no unit that is only zeros', () => {
  const units = fc.array(fc.option(fc.nat(UNIT - 1)), { maxLength: 40 });
  fc.assert(
    fc.property(units, fc.nat(3 * UNIT), fc.nat(3), (marks, offset, unaligned) => {
      const memory = new Uint8Array(marks.length * UNIT + unaligned);
      marks.forEach((mark, index) => {
        if (mark !== null) memory[unaligned + index * UNIT + mark] = 1;
      });
      const layout = createLayout(offset + memory.length + 5, [
        { offset, source: bytesSource(memory.subarray(unaligned)) },
      ]);
      const sparse = withoutZeros(layout);
      const whole = readBytes(layoutSource(layout), 0, layout.size);
      expect(Buffer.compare(readBytes(layoutSource(sparse), 0, sparse.size), whole)).toBe(0);
      for (const { offset: start, source } of sparse.extents) {
        for (let at = 0; at < source.size; ) {
          const length = Math.min(UNIT - ((start + at) % UNIT), source.size - at);
          expect(readBytes(source, at, length).some((byte) => byte !== 0)).toBe(true);
          at += length;
        }
      }
    }),
    { numRuns: 30 },
  );
});

it('a sparse disk of a GiB becomes a qcow2 file of less than half a megabyte', () => {
  const mark = bytesSource(Uint8Array.of(1));
  const disk = createLayout(1 << 30, [{ offset: 700 << 20, source: mark }]);
  // As a file is read: one extent of the whole disk, zeros where it has holes.
  const file: ByteSource = sliceSource(layoutSource(disk), 0, disk.size);
  const raw = createLayout(disk.size, [{ offset: 0, source: file }]);
  expect(encodeQcow2(withoutZeros(raw)).size).toBeLessThan(400_000);
  expect(encodeQcow2(raw).size).toBeGreaterThan(1 << 30);
});
