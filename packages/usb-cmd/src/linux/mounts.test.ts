// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mount, mountOf, parseMounts, parseSwaps } from './mounts.js';

const escaped = (text: string) =>
  text.replace(/[\\ \t\n]/g, (found) => `\\${found.charCodeAt(0).toString(8).padStart(3, '0')}`);
const path = fc
  .string({ unit: fc.constantFrom('a', '/', ' ', '\\', '\n', '-', 'é') })
  .map((text) => `/${text}`);

describe('parseMounts', () => {
  it('mounts are read as the kernel writes them, whatever the paths are', () => {
    const mounts = fc.array(
      fc.record<Mount>({
        number: fc.tuple(fc.nat(4095), fc.nat(1 << 20)).map(([major, minor]) => `${major}:${minor}`),
        mountPoint: path,
        source: path,
      }),
      { maxLength: 5 },
    );
    const optional = fc.subarray(['shared:1', 'master:2', 'unbindable']);
    fc.assert(
      fc.property(mounts, optional, (expected, tags) => {
        const text = expected
          .map(({ number, mountPoint, source }) =>
            [`20 1 ${number} / ${escaped(mountPoint)} rw`, ...tags, `- ext4 ${escaped(source)} rw\n`].join(
              ' ',
            ),
          )
          .join('');
        expect(parseMounts(text)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    'nonsense',
    '20 1 8:1 / /mnt rw',
    '20 1 8:1 / /mnt rw - ext4',
    '20 1 x / /mnt rw - ext4 /dev/a rw',
  ])('the text %j is not taken for mounts', (text) => {
    expect(parseMounts(text)).toBeUndefined();
  });
});

describe('mountOf', () => {
  const at = (mountPoint: string, number = mountPoint): Mount => ({ number, mountPoint, source: 'x' });

  it('mountOf finds the deepest mount, and of two in one place the last', () => {
    const mounts = [at('/'), at('/a'), at('/a/b', 'below'), at('/a/b', 'above')];
    expect(mountOf('/a/b/c', mounts)?.number).toBe('above');
    expect(mountOf('/a/b', mounts)?.number).toBe('above');
    expect(mountOf('/a/bc', mounts)?.number).toBe('/a');
    expect(mountOf('/ab', mounts)?.number).toBe('/');
    expect(mountOf('/ab', [])).toBeUndefined();
  });
});

describe('parseSwaps', () => {
  it('the table of swaps is read', () => {
    const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
    expect(parseSwaps(head)).toEqual([]);
    expect(parseSwaps(`${head}/dev/dm-1  partition\t1\t0\t-2\n/a\\040b  file\t1\t0\t-3\n`)).toEqual([
      '/dev/dm-1',
      '/a b',
    ]);
    expect(parseSwaps('')).toBeUndefined();
  });
});
