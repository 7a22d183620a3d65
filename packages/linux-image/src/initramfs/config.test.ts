// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinuxImageError } from '../error.js';
import { formatConfig, type HelperConfig, parseConfig } from './config.js';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const place = {
  blocks: fc.integer({ min: 1, max: 2 ** 39 }),
  uuid: fc.uuid(),
  sectors: fc.array(fc.integer({ min: 0, max: 999_999_999_999 }), { minLength: 1, maxLength: 4 }),
  modules: fc.array(fc.stringMatching(/^[a-z0-9_-]{1,20}\.ko$/), { maxLength: 10 }),
};
const configs: fc.Arbitrary<HelperConfig> = fc.oneof(
  fc.record({ root: fc.constant('plain' as const), ...place }),
  fc
    .record({
      root: fc.constant('verity' as const),
      ...place,
      more: fc.integer({ min: 1, max: 2 ** 30 }),
      hash: hex(64),
      salt: fc.oneof(fc.constant('-'), hex(64), hex(512)),
    })
    .map(({ more, ...config }) => ({ ...config, total: config.blocks + more })),
);

const VERITY: HelperConfig = {
  root: 'verity',
  blocks: 100,
  total: 102,
  hash: 'ab'.repeat(32),
  salt: '-',
  uuid: '6f1c2a3b-0d4e-4f5a-8b6c-7d8e9fa0b1c2',
  sectors: [2048],
  modules: ['erofs.ko'],
};

it('what was written is read', () => {
  fc.assert(
    fc.property(configs, (config) => {
      expect(parseConfig(formatConfig(config))).toEqual(config);
    }),
  );
});

it('the configuration is as long wherever the root lies', () => {
  fc.assert(
    fc.property(configs, (config) => {
      const moved = { ...config, sectors: config.sectors.map(() => 0) };
      expect(formatConfig(moved)).toHaveLength(formatConfig(config).length);
    }),
  );
});

it.each([
  [{ blocks: 0 }, /0 blocks/],
  [{ blocks: 1.5 }, /1.5 blocks/],
  [{ total: 100 }, /100 blocks in all/],
  [{ hash: 'ab' }, /root hash "ab"/],
  [{ salt: '' }, /salt ""/],
  [{ salt: 'abc' }, /salt "abc"/],
  [{ uuid: 'ABC' }, /no UUID/],
  [{ sectors: [] }, /no sector/],
  [{ sectors: [-1] }, /sector -1/],
  [{ modules: ['../a.ko'] }, /no file of a module/],
  [{ modules: ['a\nroot=plain'] }, /no file of a module/],
  [{ modules: Array.from({ length: 100 }, () => 'x'.repeat(100)) }, /bytes, expected at most 8191/],
])('a configuration with %j is refused', (change, message) => {
  expect(() => formatConfig({ ...VERITY, ...change } as HelperConfig)).toThrow(message);
});

it('a configuration that is written otherwise is refused', () => {
  const text = formatConfig(VERITY);
  for (const other of [
    '',
    text.slice(0, -1),
    `${text}\n`,
    `${text}more=1\n`,
    text.replace('root=verity', 'root=plain'),
    text.replace('root=verity', 'root=other'),
    text.replace('blocks=100', 'blocks=0100'),
    text.replace('blocks=100\n', 'blocks=100\nblocks=100\n'),
    text.replace('sector=000000002048', 'sector=2048'),
  ]) {
    expect(() => parseConfig(other), JSON.stringify(other)).toThrow(LinuxImageError);
  }
});

it('a file that is no configuration, however long, is refused before it is taken apart', () => {
  const from = performance.now();
  expect(() => parseConfig('module=a\n'.repeat(2_000_000))).toThrow(/18000000 bytes, expected at most 8191/);
  expect(performance.now() - from).toBeLessThan(5000);
});
