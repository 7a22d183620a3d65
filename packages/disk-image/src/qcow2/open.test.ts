// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLayout } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes, sliceSource } from '../layout/source.js';
import { viewOf } from '../layout/view.js';
import { patched, tolerate } from '../testing/damage.js';
import { at, CLUSTER, encoded, entry, small } from '../testing/qcow2.js';
import { checkQcow2, describeQcow2, openQcow2 } from './index.js';

describe('openQcow2', () => {
  const cases: [string, string, [number, number][]][] = [
    ['another magic', 'bad-magic', [[0, 0]]],
    ['version 4', 'unsupported', [[7, 4]]],
    ['clusters of 256 bytes', 'corrupt', [[23, 8]]],
    ['clusters of 4 MiB', 'corrupt', [[23, 22]]],
    ['a backing file', 'unsupported', [[14, 1]]],
    ['encryption', 'unsupported', [[35, 1]]],
    ['the dirty bit', 'corrupt', [[79, 1]]],
    ['the corrupt bit', 'corrupt', [[79, 2]]],
    ['an external data file', 'unsupported', [[79, 4]]],
    ['extended L2 entries', 'unsupported', [[79, 16]]],
    ['an unknown feature', 'unsupported', [[72, 1]]],
    ['the zstd bit without zstd', 'corrupt', [[79, 8]]],
    ['zstd without its bit', 'corrupt', [[104, 1]]],
    ['raw external data without such a file', 'corrupt', [[95, 2]]],
    ['a backing file name outside its cluster', 'corrupt', [...entry(8, 65530n), [19, 7]]],
    ['a header extension that passes its cluster', 'corrupt', [[116, 1]]],
    ['a snapshot table off its cluster', 'corrupt', [[71, 8]]],
    ['a snapshot table behind any file', 'corrupt', [[64, 0x80]]],
    ['a snapshot table behind the end', 'truncated', [...entry(64, 1n << 30n), [63, 1]]],
    ['more snapshots than QEMU takes', 'unsupported', [[60, 1]]],
    ['a larger refcount table than QEMU takes', 'unsupported', [[58, 1]]],
    ['an odd header length', 'corrupt', [[103, 113]]],
    ['refcounts of 128 bits', 'corrupt', [[99, 7]]],
    ['a huge disk', 'unsupported', [[24, 1]]],
    ['too few L1 entries', 'corrupt', [[39, 0]]],
    ['an L1 table off its cluster', 'corrupt', [[47, 8]]],
    ['an L1 table at the header', 'corrupt', entry(40, 0n)],
    ['an L1 table behind the end', 'truncated', [[43, 1]]],
    ['an L1 table behind any file', 'corrupt', [[40, 0x80]]],
    ['no refcount table', 'corrupt', [[59, 0]]],
    ['a refcount table behind the end', 'truncated', [[52, 1]]],
  ];
  it.each(cases)('a file with %s is refused by name', (_, code, patches) => {
    expect(tolerate(() => openQcow2(patched(small, patches)))?.code).toBe(code);
  });

  const tables: [string, string, [number, number][]][] = [
    ['an L1 entry with reserved bits', 'corrupt', [[at('l1Table') + 7, 1]]],
    ['an L1 entry for the header', 'corrupt', entry(at('l1Table'), 1n << 63n)],
    ['an L1 entry off its cluster', 'corrupt', [[at('l1Table') + 6, 2]]],
    ['an L1 entry behind the end', 'truncated', [[at('l1Table') + 3, 1]]],
    ['an L2 entry with reserved bits', 'corrupt', [[at('l2Table') + 15, 2]]],
    ['an L2 entry off its cluster', 'corrupt', [[at('l2Table') + 14, 2]]],
    ['an L2 entry behind the end', 'truncated', [[at('l2Table') + 11, 1]]],
    ['an L2 entry for the header', 'corrupt', entry(at('l2Table') + 8, 1n << 63n)],
    ['compressed data that is none', 'corrupt', entry(at('l2Table') + 8, (1n << 62n) | BigInt(at('data')))],
    ['a compressed entry marked as copied', 'corrupt', [[at('l2Table') + 8, 0xc0]]],
    ['compressed data behind the end', 'truncated', entry(at('l2Table') + 8, (1n << 62n) | (1n << 40n))],
  ];
  it.each(tables)('a file with %s is refused by name where the reader gets there', (_, code, patches) => {
    const disk = openQcow2(patched(small, patches));
    expect(tolerate(() => readBytes(disk, 0, disk.size))?.code).toBe(code);
  });

  it('a range is read as its clusters lie, in order, the other way round and with holes between', () => {
    const count = 6;
    const content = new Uint8Array(count * CLUSTER).map((_, index) => 1 + Math.floor(index / CLUSTER));
    const file = encoded(createLayout(content.length, [{ offset: 0, source: bytesSource(content) }]));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(undefined, 0, 1, 2, 3, 4, 5), { minLength: count, maxLength: count }),
        fc.nat(count * CLUSTER),
        fc.nat(count * CLUSTER),
        (places, first, second) => {
          const disk = openQcow2(
            patched(
              file,
              places.flatMap((place, index) =>
                entry(
                  at('l2Table') + index * 8,
                  place === undefined ? 0n : BigInt(at('data') + place * CLUSTER),
                ),
              ),
            ),
          );
          const [from, to] = [Math.min(first, second), Math.max(first, second)];
          const expected = new Uint8Array(content.length).map((_, index) => {
            const place = places[Math.floor(index / CLUSTER)];
            return place === undefined ? 0 : place + 1;
          });
          expect(Buffer.from(readBytes(disk, from, to - from)).equals(expected.subarray(from, to))).toBe(
            true,
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('clusters that follow each other are read at once', () => {
    const content = new Uint8Array(8 * CLUSTER).fill(3);
    const file = encoded(createLayout(content.length, [{ offset: 0, source: bytesSource(content) }]));
    const reads: number[] = [];
    const disk = openQcow2({
      size: file.size,
      readInto(into, offset) {
        reads.push(into.length);
        file.readInto(into, offset);
      },
    });
    expect(readBytes(disk, 5, content.length - 5).every((byte) => byte === 3)).toBe(true);
    expect(reads.at(-1)).toBe(content.length - 5);
  });

  it('zero clusters of version 3 are read, with and without a place, and refused in version 2', () => {
    const zero = openQcow2(patched(small, [[at('l2Table') + 15, 1]]));
    expect(readBytes(zero, CLUSTER, CLUSTER).every((byte) => byte === 0)).toBe(true);
    const nowhere = openQcow2(patched(small, entry(at('l2Table') + 8, 1n)));
    expect(readBytes(nowhere, CLUSTER, CLUSTER).every((byte) => byte === 0)).toBe(true);
    const old = openQcow2(
      patched(small, [
        [7, 2],
        [at('l2Table') + 15, 1],
      ]),
    );
    expect(tolerate(() => readBytes(old, CLUSTER, 1))?.code).toBe('corrupt');
  });

  it('a compressed cluster is read, and one of another length is refused', () => {
    const withStream = (content: Uint8Array) => {
      const file = readBytes(small, 0, small.size);
      file.set(deflateRawSync(content), at('data') + 77);
      viewOf(file).setBigUint64(at('l2Table') + 8, (1n << 62n) | (1n << 54n) | BigInt(at('data') + 77));
      return openQcow2(bytesSource(file));
    };
    const content = new Uint8Array(CLUSTER).map((_, index) => index >> 8);
    expect(readBytes(withStream(content), CLUSTER, CLUSTER)).toEqual(content);
    expect(readBytes(withStream(content), CLUSTER + 600, 3)).toEqual(content.subarray(600, 603));
    for (const length of [CLUSTER - 1, CLUSTER + 1]) {
      const other = withStream(new Uint8Array(length));
      expect(tolerate(() => readBytes(other, CLUSTER, 1))?.code).toBe('corrupt');
    }
  });

  it('a disk is the same where another thread reads the file, which is told of long runs alone', async () => {
    const content = new Uint8Array(20 * CLUSTER).map((_, index) => index >> 10);
    const file = encoded(createLayout(content.length, [{ offset: 0, source: bytesSource(content) }]));
    const l2Entry = (index: number, value: bigint) => entry(at('l2Table') + index * 8, value);
    // Nine clusters in order, one of zeros, one that is absent, one that lies elsewhere, and those behind them in order.
    const mixed = patched(file, [...l2Entry(9, 1n), ...l2Entry(10, 0n), ...l2Entry(11, BigInt(at('data')))]);
    const asked: [number, number][] = [];
    const disk = openQcow2({
      size: mixed.size,
      readInto: (into, offset) => mixed.readInto(into, offset),
      async read(into, offset) {
        asked.push([(offset - at('data')) / CLUSTER, into.length / CLUSTER]);
        mixed.readInto(into, offset);
      },
    });
    const into = new Uint8Array(content.length).fill(0xee);
    await disk.read?.(into, 0);
    expect(Buffer.compare(into, readBytes(openQcow2(mixed), 0, content.length))).toBe(0);
    expect(asked).toEqual([
      [0, 9],
      [12, 8],
    ]);
    await expect(disk.read?.(into, 1)).rejects.toMatchObject({ code: 'out-of-range' });
    expect(openQcow2(mixed).read).toBe(undefined);
  });

  it('the description says how a file is encrypted', () => {
    const encryption = (method: number) => describeQcow2(patched(small, [[35, method]])).features.encryption;
    expect([0, 1, 2, 3].map(encryption)).toEqual(['none', 'aes', 'luks', 'unknown']);
  });

  it('a file compressed with zstd opens, and all of it is read but the compressed clusters', () => {
    const zstd: [number, number][] = [
      [79, 8],
      [104, 1],
    ];
    expect(readBytes(openQcow2(patched(small, zstd)), CLUSTER + 5, 1)).toEqual(Uint8Array.of(1));
    const packed = patched(small, [...zstd, ...entry(at('l2Table') + 8, (1n << 62n) | BigInt(at('data')))]);
    const error = tolerate(() => readBytes(openQcow2(packed), CLUSTER, 1));
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('zstd') });
    expect(checkQcow2(packed)).toMatchObject({ compressedClusters: 1, unreadClusters: 1 });
  });

  it('a file of any length and with any changed bytes is read or refused', () => {
    const look = (file: ByteSource) => {
      tolerate(() => checkQcow2(file));
      tolerate(() => {
        const disk = openQcow2(file);
        for (const offset of [0, CLUSTER, 2 * CLUSTER, disk.size - 512]) {
          if (offset >= 0 && offset + 512 <= disk.size) readBytes(disk, offset, 512);
        }
      });
    };
    const spots = fc.constantFrom(
      0,
      0,
      at('refcountTable'),
      at('refcountBlock'),
      at('l1Table'),
      at('l2Table'),
    );
    const patches = fc.array(
      fc.tuple(spots, fc.nat(119), fc.nat(255)).map(([spot, index, value]) => [spot + index, value] as const),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(patches, (changes) => look(patched(small, changes))),
      { numRuns: 300 },
    );
    // Every length through the header, then around every boundary.
    const lengths = Array.from({ length: 130 }, (_, length) => length);
    for (let end = CLUSTER; end < small.size; end += CLUSTER) lengths.push(end - 1, end, end + 1, end + 300);
    for (const length of lengths) {
      const cut = sliceSource(small, 0, length);
      const read = () => readBytes(openQcow2(cut), 0, 3 * CLUSTER);
      expect(tolerate(read)?.code).toBe('truncated');
      look(cut);
    }
  });

  it('a file of small clusters that qemu-img wrote, cut at every length, is read or refused', () => {
    const file = bytesSource(readFileSync(new URL('../../test/small-clusters.qcow2', import.meta.url)));
    const whole = openQcow2(file);
    expect(Buffer.from(readBytes(whole, 1600, 448)).toString()).toBe('B'.repeat(448));
    expect(checkQcow2(file)).toMatchObject({ leaks: 0, errors: 0 });
    for (let length = 0; length < file.size; length++) {
      const cut = sliceSource(file, 0, length);
      const error = tolerate(() => readBytes(openQcow2(cut), 0, whole.size));
      if (error?.code !== 'truncated') expect.fail(`${length} bytes: ${error?.message ?? 'read'}`);
      tolerate(() => checkQcow2(cut));
    }
  });
});
