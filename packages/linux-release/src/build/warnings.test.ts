// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import { expect, it } from 'vitest';
import { warningsOf } from './warnings.js';

const data = (...bytes: number[]) => bytesSource(Uint8Array.from([...bytes, ...Buffer.alloc(10), 89, 90]));

it('A build warns of an initramfs that its kernel does not unpack', () => {
  expect(warningsOf(data(4, 0x22, 0x4d, 0x18), undefined)).toEqual([
    'the kernel does not unpack the initramfs: it has lz4 data in frames, not in the legacy format, which lz4 -l makes',
  ]);
  expect(warningsOf(data(2, 0x21, 0x4c, 0x18), undefined)).toEqual([]);
});
