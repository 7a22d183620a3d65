// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinuxImageError } from '../error.js';
import { createMasterBoot } from '../loader/patch.js';
import { diskSize } from './disk.js';

const BAD = fc.oneof(
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0.5, 2 ** 53),
  fc.double({ max: -1, noDefaultInfinity: true }),
  fc.double({ min: 2 ** 53 }),
);

it('a disk is planned for no size that is none, and no loader is told of such a place', () => {
  expect(diskSize(0, 0)).toBe(4 << 20);
  fc.assert(
    fc.property(BAD, (bad) => {
      for (const attempt of [() => diskSize(bad, 1), () => diskSize(1, bad), () => createMasterBoot(bad)])
        expect(attempt).toThrow(expect.objectContaining({ name: LinuxImageError.name, code: 'bad-place' }));
    }),
  );
});
