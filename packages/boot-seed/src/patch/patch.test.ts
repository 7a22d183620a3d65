// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BootSeedError } from '../error.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { readBuildId, setBuildId } from './build-id.js';
import { patchBiosLoader, patchMasterBoot, setCommandLine } from './loader.js';

const { kernel, masterBoot, biosLoader, uefiLoader } = PREBUILT_PARTS;
const PLACES = { loader: 4096, kernel: { offset: 8192, size: 1000 }, blockSize: 2048 } as const;

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof BootSeedError) return error.code;
    throw error;
  }
  return 'nothing thrown';
};

/** Returns the offsets at which two arrays of one length differ. */
const changed = (a: Uint8Array, b: Uint8Array) => {
  expect(b.length).toBe(a.length);
  return [...a.keys()].filter((at) => a[at] !== b[at]);
};

describe('the build id', () => {
  it('the build id comes back as it was set, and nothing else changes', () => {
    const start = Buffer.from(kernel).indexOf('LATTICRA BUILDID') + 16;
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,110}$/), (buildId) => {
        const patched = setBuildId(kernel, buildId);
        expect(readBuildId(patched)).toBe(buildId);
        for (const at of changed(kernel, patched)) expect(at - start).toSatisfy((n) => n >= 0 && n < 112);
      }),
      { numRuns: 100 },
    );
  });

  it('a shorter build id leaves nothing of a longer one behind', () => {
    expect(readBuildId(setBuildId(setBuildId(kernel, 'a'.repeat(111)), 'b'))).toBe('b');
  });

  it.each(['', ' ', '-a', 'a b', 'a\n', 'ä', 'a'.repeat(112), 'a\0b'])(
    'the build id %j is refused',
    (buildId) => {
      expect(codeOf(() => setBuildId(kernel, buildId))).toBe('bad-build-id');
    },
  );

  it('a foreign kernel has no build id', () => {
    expect(readBuildId(new Uint8Array(4096))).toBeUndefined();
    expect(codeOf(() => setBuildId(new Uint8Array(4096), 'a'))).toBe('no-slot');
  });

  it('a damaged build id is refused', () => {
    const damaged = Uint8Array.from(kernel);
    damaged[Buffer.from(kernel).indexOf('LATTICRA BUILDID') + 17] = 10;
    expect(codeOf(() => readBuildId(damaged))).toBe('kernel-bad-build-id');
    damaged.fill(65, Buffer.from(kernel).indexOf('LATTICRA BUILDID') + 16);
    expect(codeOf(() => readBuildId(damaged))).toBe('kernel-bad-build-id');
  });

  it('a kernel has no slot where the mark occurs twice or its room is cut off', () => {
    expect(codeOf(() => setBuildId(Buffer.concat([kernel, kernel]), 'a'))).toBe('no-slot');
    const end = Buffer.from(kernel).indexOf('LATTICRA BUILDID') + 16 + 111;
    expect(codeOf(() => setBuildId(kernel.subarray(0, end), 'a'))).toBe('no-slot');
  });
});

describe('the loaders', () => {
  it('the loaders carry block numbers of 512 bytes where the documents say', () => {
    const code = patchMasterBoot(masterBoot, 4096);
    expect(
      new DataView(code.buffer).getBigUint64(Buffer.from(code).indexOf('LATTICRA_MBR_LBA') + 24, true),
    ).toBe(8n);
    const loader = patchBiosLoader(biosLoader, PLACES, '');
    const words = [0, 4, 8, 12].map((at) => new DataView(loader.buffer).getUint32(64 + 16 + at, true));
    expect(words).toEqual([8, biosLoader.length, 16, 1000]);
  });

  it.each([biosLoader, uefiLoader])('a loader carries its command line', (loader) => {
    const text = 'console=ttyS0 "quoted" ~';
    const patched = Buffer.from(setCommandLine(setCommandLine(loader, 'x'.repeat(255)), text));
    const start = patched.indexOf('LATTICRA_CMDLINE') + 16;
    expect(patched.subarray(start, start + 256).toString('latin1')).toBe(text.padEnd(256, '\0'));
    expect(codeOf(() => setCommandLine(loader, 'x'.repeat(256)))).toBe('bad-command-line');
    expect(codeOf(() => setCommandLine(loader, 'a\nb'))).toBe('bad-command-line');
  });

  it('the loaders refuse places they cannot read from', () => {
    const places = (change: object) =>
      codeOf(() => patchBiosLoader(biosLoader, { ...PLACES, ...change }, ''));
    expect(places({ loader: 0 })).toBe('bad-place');
    expect(places({ loader: 2560 })).toBe('bad-place');
    expect(places({ loader: 2560, blockSize: 512 })).toBe('nothing thrown');
    expect(places({ loader: 2 ** 41 })).toBe('bad-place');
    expect(places({ kernel: { offset: 8192, size: 0 } })).toBe('bad-place');
    expect(places({ kernel: { offset: 8192, size: 2 ** 24 + 1 } })).toBe('bad-place');
    expect(codeOf(() => patchMasterBoot(masterBoot, 100))).toBe('bad-place');
    expect(codeOf(() => patchMasterBoot(biosLoader, 4096))).toBe('no-slot');
    expect(codeOf(() => patchBiosLoader(biosLoader.subarray(0, 4096), PLACES, ''))).toBe('no-slot');
  });
});
