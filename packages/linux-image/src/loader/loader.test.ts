// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinuxImageError } from '../error.js';
import { BIOS_PARTS } from './parts.js';
import { createBiosLoader, createMasterBoot } from './patch.js';
import { readBiosLoader, readMasterBoot } from './read.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof LinuxImageError) return error.code;
    throw error;
  }
  return 'nothing thrown';
};

const FACTS = {
  loader: 4096,
  kernel: { offset: 8192, size: 1000 },
  initramfs: { offset: 16384, size: 5 },
  commandLine: 'console=ttyS0',
};

const places = (unit: number) =>
  fc.integer({ min: 1, max: Math.floor((0xffffffff * 512) / unit) }).map((block) => block * unit);
const sizes = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const texts = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
  maxLength: 2047,
});

it.each([512, 2048] as const)('what a loader is told for blocks of %d bytes comes back from it', (unit) => {
  const range = fc.record({ offset: places(unit), size: sizes });
  const facts = fc.record({ loader: places(unit), kernel: range, initramfs: range, commandLine: texts });
  fc.assert(
    fc.property(facts, (told) => {
      expect(readBiosLoader(createBiosLoader(told, unit))).toEqual(told);
    }),
  );
});

it('the place that master boot code is told comes back from it', () => {
  fc.assert(
    fc.property(places(512), (place) => {
      const code = createMasterBoot(place);
      expect(code).toHaveLength(440);
      expect(readMasterBoot(code)).toBe(place);
    }),
  );
});

it('a command line that holds the marks of slots changes nothing else', () => {
  const told = { ...FACTS, commandLine: 'LATTICRA_CMDLINE LATTICRA_BIOSLNX' };
  expect(readBiosLoader(createBiosLoader(told, 512))).toEqual(told);
});

it('code with one byte changed outside of its slots is not ours', () => {
  const loader = createBiosLoader(FACTS, 2048);
  const slots = [
    [80, 84],
    [88, 104],
    [Buffer.from(loader).indexOf('LATTICRA_CMDLINE') + 16, 2048],
  ].map(([from = 0, length = 0], index) => [from, index === 2 ? from + length : length] as const);
  fc.assert(
    fc.property(fc.nat({ max: loader.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      fc.pre(!slots.some(([from, to]) => at >= from && at < to));
      const changed = Uint8Array.from(loader);
      changed[at] = (changed[at] ?? 0) ^ change;
      expect(readBiosLoader(changed)).toBeUndefined();
    }),
  );
});

it('other bytes are no loader and no master boot code of ours', () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(440), BIOS_PARTS.biosLoader.subarray(1)]) {
    expect(readBiosLoader(bytes)).toBeUndefined();
    expect(readMasterBoot(bytes)).toBeUndefined();
  }
  const unended = createBiosLoader(FACTS, 512);
  unended.fill(65, Buffer.from(unended).indexOf('LATTICRA_CMDLINE') + 16, unended.length - 16);
  expect(readBiosLoader(unended)).toBeUndefined();
  const packet = createMasterBoot(4096);
  packet[Buffer.from(packet).indexOf('LATTICRA_MBR_LBA') + 18] = 99;
  expect(readMasterBoot(packet)).toBeUndefined();
});

it('something behind the end of a command line is not read over', () => {
  const loader = createBiosLoader(FACTS, 512);
  loader[Buffer.from(loader).indexOf('LATTICRA_CMDLINE') + 16 + 100] = 65;
  expect(readBiosLoader(loader)).toBeUndefined();
});

it.each([
  ['a loader in the first block', { loader: 0 }],
  ['a loader between the blocks of a CD', { loader: 2560 }],
  ['a place beyond 2 TiB', { kernel: { offset: 2 ** 41, size: 1 } }],
  ['a kernel of no bytes', { kernel: { offset: 8192, size: 0 } }],
  ['an initramfs of 2 GiB', { initramfs: { offset: 8192, size: 2 ** 31 } }],
  ['an initramfs between the blocks of a CD', { initramfs: { offset: 8704, size: 1 } }],
])('a place is refused that no loader reads from: %s', (_, change) => {
  expect(codeOf(() => createBiosLoader({ ...FACTS, ...change }, 2048))).toBe('bad-place');
});

it.each(['x'.repeat(2048), 'a\nb', 'ä', 'a\0b'])(
  'a command line is refused that does not arrive',
  (commandLine) => {
    expect(codeOf(() => createBiosLoader({ ...FACTS, commandLine }, 2048))).toBe('bad-command-line');
  },
);

it('master boot code is refused a place between blocks', () => {
  expect(codeOf(() => createMasterBoot(100))).toBe('bad-place');
});
