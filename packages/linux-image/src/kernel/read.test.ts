// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, bytesSource } from '@latticra/disk-image';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type MadeBzImage, makeBzImage } from '../../../../tools/testing/bzimage.js';
import { readLinuxKernel } from './read.js';

const read = (bytes: Uint8Array) => readLinuxKernel(bytesSource(bytes));
const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

it('a kernel that both loaders start is described', () => {
  const kernel = makeBzImage({ version: '6.1.0-9-amd64 (builder) #1 SMP' });
  expect(read(kernel)).toEqual({
    release: '6.1.0-9-amd64',
    version: '6.1.0-9-amd64 (builder) #1 SMP',
    protocol: '2.15',
    size: kernel.length,
    commandLineLimit: 2047,
  });
});

it('what follows the kernel, as a signature does, belongs to the file', () => {
  expect(read(Buffer.concat([makeBzImage(), Buffer.alloc(1000)])).size).toBe(makeBzImage().length + 1000);
});

const REFUSALS: [string, MadeBzImage, string, RegExp][] = [
  ['an older boot protocol', { protocol: 0x209 }, 'kernel-old-protocol', /2\.09, expected 2\.10/],
  ['one address', { relocatable: false }, 'kernel-not-relocatable', /one address/],
  ['32 bits', { xloadFlags: 0 }, 'kernel-other-architecture', /x86 \(32 bits\), expected x86_64/],
  ['a protocol that does not tell of 64 bits', { protocol: 0x20a }, 'kernel-other-architecture', /32 bits/],
  ['no program for UEFI', { pe: undefined }, 'kernel-no-efi-stub', /no program for UEFI/],
  ['a program for UEFI of 32 bits', { pe: { machine: 0x14c } }, 'kernel-no-efi-stub', /no program for UEFI/],
  ['a program for Windows', { pe: { subsystem: 3 } }, 'kernel-no-efi-stub', /no program for UEFI/],
  ['a driver for UEFI', { pe: { subsystem: 11 } }, 'kernel-no-efi-stub', /no program for UEFI/],
  ['below 1 MiB', { loadFlags: 0 }, 'kernel-bad-header', /zImage/],
  ['a long real-mode part', { setupSectors: 64 }, 'kernel-bad-header', /33280 bytes, expected at most 32768/],
  ['an address below 1 MiB', { preferredAddress: 0x100000n }, 'kernel-bad-header', /0x100000/],
  ['an address past 4 GiB', { preferredAddress: 1n << 32n }, 'kernel-bad-header', /0x100000000/],
  ['an end past 4 GiB', { preferredAddress: 0xff000000n }, 'kernel-bad-header', /0xff000000/],
  ['less memory than it has bytes', { initSize: 4095 }, 'kernel-bad-header', /4096 bytes of it run in 4095/],
  ['no version', { version: undefined }, 'kernel-no-version', /version reads ""/],
  ['a version that no folder can have', { version: '../etc #1' }, 'kernel-no-version', /\.\.\/etc/],
  ['a version with an escape', { version: '6.1 \u001b[2J' }, 'kernel-no-version', /\\u001b/],
];

it.each(REFUSALS)('a kernel with %s is refused by name, with what to do', (_, made, code, message) => {
  expect(thrownBy(() => read(makeBzImage(made)))).toMatchObject({
    code,
    kind: 'data',
    message: expect.stringMatching(message),
    fix: expect.stringMatching(/\w/),
  });
});

it('what is no kernel is refused by what it is', () => {
  const gzip = Buffer.concat([Buffer.from('1f8b0800000000000003', 'hex'), Buffer.alloc(100)]);
  expect(thrownBy(() => read(gzip))).toMatchObject({
    code: 'kernel-not-bzimage',
    message: expect.stringMatching(/gzip/),
  });
  expect(thrownBy(() => read(Buffer.from('text\n')))).toMatchObject({ code: 'kernel-not-bzimage' });
});

it('a kernel for another processor is refused by its processor', () => {
  const arm = Buffer.alloc(4096);
  arm.write('ARM\x64', 56, 'latin1');
  expect(thrownBy(() => read(arm))).toMatchObject({
    code: 'kernel-other-architecture',
    message: expect.stringMatching(/aarch64/),
  });
});

it('a kernel that ends too early is refused', () => {
  expect(thrownBy(() => read(makeBzImage().subarray(0, -1)))).toMatchObject({ code: 'truncated' });
});

it('a kernel of any size is read by its headers alone', () => {
  const kernel = makeBzImage();
  const size = 1 << 30;
  let bytesRead = 0;
  const source: ByteSource = {
    size,
    readInto(into, offset) {
      bytesRead += into.length;
      into.fill(0);
      if (offset < kernel.length) into.set(kernel.subarray(offset, offset + into.length));
    },
  };
  expect(readLinuxKernel(source).size).toBe(size);
  expect(bytesRead).toBeLessThan(1 << 20);
});

it('a kernel with any bytes changed is described or refused by name', () => {
  const changes = fc.array(fc.tuple(fc.nat({ max: 0x2ff }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(changes, (changed) => {
      const kernel = makeBzImage();
      for (const [at, value] of changed) kernel[at] = value;
      const found = thrownBy(() => read(kernel));
      if (found instanceof Error) expect(found).toMatchObject({ kind: 'data', code: expect.any(String) });
      else expect(found).toMatchObject({ size: kernel.length });
    }),
    { numRuns: 500 },
  );
});
