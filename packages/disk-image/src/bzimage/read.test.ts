// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeBzImage } from '../../../../tools/testing/bzimage.js';
import { bytesSource, ImageError } from '../index.js';
import { readBzImage } from './index.js';

const read = (bytes: Uint8Array) => readBzImage(bytesSource(bytes));

it('what a header of protocol 2.12 or later says is read as it was written', () => {
  const headers = fc.record({
    protocol: fc.integer({ min: 0x20c, max: 0x2ff }),
    setupSectors: fc.integer({ min: 3, max: 255 }),
    payload: fc.integer({ min: 1, max: 1000 }).map((units) => units * 16),
    version: fc.stringMatching(/^[0-9][!-~]{0,60}$/),
    loadFlags: fc.integer({ min: 0, max: 255 }),
    relocatable: fc.boolean(),
    xloadFlags: fc.integer({ min: 0, max: 0xffff }),
    commandLineLimit: fc.integer({ min: 0, max: 0xffffffff }),
    initrdAddressMax: fc.integer({ min: 0, max: 0xffffffff }),
    preferredAddress: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    initSize: fc.integer({ min: 0, max: 0xffffffff }),
    pe: fc.constant(undefined),
  });
  fc.assert(
    fc.property(headers, (made) => {
      const bytes = makeBzImage(made);
      expect(read(bytes)).toEqual({
        protocol: made.protocol,
        setupSize: (made.setupSectors + 1) * 512,
        size: bytes.length,
        version: made.version,
        loadedHigh: (made.loadFlags & 1) === 1,
        relocatable: made.relocatable,
        is64Bit: (made.xloadFlags & 1) === 1,
        efiHandover64: (made.xloadFlags & 8) === 8,
        commandLineLimit: made.commandLineLimit,
        initrdAddressMax: made.initrdAddressMax,
        preferredAddress: made.preferredAddress,
        initSize: made.initSize,
      });
    }),
  );
});

it('fields that a protocol does not have yet are not read', () => {
  expect(read(makeBzImage({ protocol: 0x202 }))).toMatchObject({
    relocatable: false,
    is64Bit: false,
    efiHandover64: false,
    commandLineLimit: 255,
    initrdAddressMax: 0x37ffffff,
    preferredAddress: undefined,
    initSize: undefined,
  });
  expect(read(makeBzImage({ protocol: 0x20a }))).toMatchObject({ is64Bit: false, initSize: 0x2000000 });
});

it('a kernel without a version, and with one that leads out of the file, has none', () => {
  expect(read(makeBzImage({ version: undefined }))?.version).toBeUndefined();
  const far = makeBzImage();
  new DataView(far.buffer).setUint16(0x20e, 0xffff, true);
  expect(read(far)?.version).toBeUndefined();
});

it('a real-mode part of no sectors has four', () => {
  expect(read(makeBzImage({ setupSectors: 0 }))?.setupSize).toBe(2560);
});

it('a kernel that ends too early is refused, and bytes that are no kernel are none, whatever they are', () => {
  const kernel = makeBzImage();
  expect(() => read(kernel.subarray(0, -1))).toThrow(ImageError);
  expect(read(kernel.subarray(0, 0x205))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat({ max: 0x264 }), (bytes, length) => {
      const cut = Buffer.concat([kernel.subarray(0, length), bytes]);
      try {
        expect(['undefined', 'object']).toContain(typeof read(cut));
      } catch (error) {
        expect(error).toMatchObject({ code: 'truncated' });
      }
    }),
  );
});
