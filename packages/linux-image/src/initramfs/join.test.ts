// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, bytesSource, layoutChunks, layoutSource, readBytes } from '@latticra/disk-image';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HelperConfig } from './config.js';
import { type HelperFiles, joinInitramfs, readJoinedInitramfs } from './join.js';

const CONFIG: HelperConfig = {
  root: 'plain',
  blocks: 100,
  uuid: '6f1c2a3b-0d4e-4f5a-8b6c-7d8e9fa0b1c2',
  sectors: [2048],
  modules: ['a.ko', 'b-c.ko'],
};
const FILES: HelperFiles = {
  config: CONFIG,
  modules: [
    { name: 'a.ko', content: Uint8Array.of(1, 2, 3) },
    { name: 'b-c.ko', content: Uint8Array.of(4) },
  ],
};

const join = (given: Uint8Array, files = FILES) => {
  const layout = joinInitramfs(bytesSource(given), files);
  return readBytes(layoutSource(layout), 0, layout.size);
};

it('an initramfs of any bytes stays as it is, and comes apart again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (given) => {
      const joined = join(given);
      expect(joined.subarray(0, given.length)).toEqual(given);
      expect(joined.length % 4).toBe(0);
      const found = readJoinedInitramfs(bytesSource(joined), given.length);
      expect(readBytes(found.given, 0, found.given.size)).toEqual(given);
      expect(found).toMatchObject({ ...FILES, isOwnHelper: true });
    }),
  );
});

it('another helper in it is told from ours', () => {
  const joined = join(new Uint8Array(8));
  const at = Buffer.from(joined).indexOf('\x7fELF', 0, 'latin1');
  joined[at + 100] = (joined[at + 100] ?? 0) ^ 1;
  expect(readJoinedInitramfs(bytesSource(joined), 8).isOwnHelper).toBe(false);
});

it('a given part of another length, or something in its padding, is found out', () => {
  const joined = join(Uint8Array.of(1, 2, 3, 4, 5));
  for (const size of [0, 3, 4, 9, joined.length, joined.length + 1, -1, 0.5]) {
    expect(() => readJoinedInitramfs(bytesSource(joined), size), String(size)).toThrow(
      expect.objectContaining({ code: 'initramfs-bad-archive' }),
    );
  }
  joined[7] = 1;
  expect(() => readJoinedInitramfs(bytesSource(joined), 5)).toThrow(/padding/);
});

it('modules that the configuration does not name in this order are refused', () => {
  const modules = [...FILES.modules].reverse();
  expect(() => joinInitramfs(bytesSource(new Uint8Array(4)), { config: CONFIG, modules })).toThrow(
    expect.objectContaining({ code: 'helper-bad-config' }),
  );
});

it('an initramfs of a gibibyte is planned without reading it, and written a piece at a time', () => {
  let largest = 0;
  const given: ByteSource = {
    size: 2 ** 30,
    readInto(into) {
      largest = Math.max(largest, into.length);
    },
  };
  const layout = joinInitramfs(given, FILES);
  expect(largest).toBe(0);
  let count = 0;
  for (const chunk of layoutChunks(layout)) {
    if (count++ > 10) break;
    expect('hole' in chunk).toBe(false);
  }
  expect(largest).toBe(1 << 20);
});
