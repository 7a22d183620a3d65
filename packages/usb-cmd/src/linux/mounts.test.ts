// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mount, mountOf, parseMounts, parseSwaps } from './mounts.js';

const escaped = (text: string) =>
  text.replace(/[\\ \t\n]/g, (found) => `\\${found.charCodeAt(0).toString(8).padStart(3, '0')}`);
const path = fc
  .string({ unit: fc.constantFrom('a', '/', ' ', '\\', '\n', '-', 'é') })
  .map((text) => `/${text}`);

const device = path.map((text) => `/dev${text}`);

describe('parseMounts', () => {
  it('mounts are read as the kernel writes them, whatever the paths are', () => {
    const mounts = fc.array(
      fc.record<Mount>({
        id: fc.nat(1 << 20).map(String),
        type: fc.constantFrom('ext4', 'fuse.sshfs'),
        number: fc.tuple(fc.nat(4095), fc.nat(1 << 20)).map(([major, minor]) => `${major}:${minor}`),
        mountPoint: path,
        devices: fc.array(device, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 5 },
    );
    const optional = fc.subarray(['shared:1', 'master:2', 'unbindable']);
    fc.assert(
      fc.property(mounts, optional, (expected, tags) => {
        const text = expected
          .map(({ id, number, mountPoint, type, devices: [source = '', ...named] }) =>
            [
              `${id} 1 ${number} / ${escaped(mountPoint)} rw`,
              ...tags,
              `- ${type} ${escaped(source)} ${['rw', ...named.map((path) => `logdev=${escaped(path)}`)].join(',')}\n`,
            ].join(' '),
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

describe('the devices of a mount', () => {
  const devicesOf = (source: string, options: string) =>
    parseMounts(`20 1 0:50 / /mnt rw - any ${source} ${options}\n`)?.[0]?.devices;

  it('the devices of a mount are all that its source and its options name', () => {
    expect(devicesOf('/dev/sdb:/dev/sdc1', 'rw')).toEqual(['/dev/sdb', '/dev/sdc1']);
    expect(devicesOf('/dev/disk/by-path/pci-0000:00:14.0', 'rw')).toEqual([
      '/dev/disk/by-path/pci-0000:00:14.0',
    ]);
    expect(devicesOf('/dev/sda3', 'rw,logdev=/dev/sdb2,rtdev=/dev/sdc')).toEqual([
      '/dev/sda3',
      '/dev/sdb2',
      '/dev/sdc',
    ]);
  });

  it('a mount that is on no device has none', () => {
    expect(devicesOf('rpool/ROOT/os', 'rw,xattr')).toEqual([]);
    expect(devicesOf('server:/export', 'rw,addr=10.0.0.1')).toEqual([]);
    expect(devicesOf('overlay', 'rw,lowerdir=/a:/b')).toEqual([]);
  });
});

describe('mountOf', () => {
  const at = (mountPoint: string, number = mountPoint): Mount => ({
    id: '1',
    number,
    mountPoint,
    type: 'ext4',
    devices: [],
  });

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
      { path: '/dev/dm-1', isDevice: true },
      { path: '/a b', isDevice: false },
    ]);
    expect(parseSwaps('')).toBeUndefined();
  });
});
