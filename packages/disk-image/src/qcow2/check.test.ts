// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ImageError } from '../error.js';
import { createLayout } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes } from '../layout/source.js';
import { viewOf } from '../layout/view.js';
import { patched, tolerate } from '../testing/damage.js';
import { at, CLUSTER, encoded, entry, filled, GIB, PLACES, small } from '../testing/qcow2.js';
import { checkQcow2 } from './index.js';

describe('checkQcow2', () => {
  const count = (cluster: number) => at('refcountBlock') + cluster * 2 + 1;
  const cases: [string, [number, number][], object[]][] = [
    ['a leak', [[count(7), 1]], []],
    [
      'a count that is too high',
      [[count(5), 2]],
      [
        { kind: 'leak', offset: at('data'), stored: 2, used: 1 },
        { kind: 'copied-flag', offset: at('data'), stored: 2, used: 1 },
      ],
    ],
    [
      'a count that is too low',
      [[count(4), 0]],
      [
        { kind: 'refcount', offset: at('l2Table'), stored: 0, used: 1 },
        { kind: 'copied-flag', offset: at('l2Table'), stored: 0, used: 1 },
      ],
    ],
    [
      'a guest cluster on top of a table',
      [[at('l2Table') + 13, PLACES.l1Table]],
      [
        { kind: 'refcount', offset: at('l1Table'), stored: 1, used: 2 },
        { kind: 'overlap', offset: at('l1Table'), stored: 1, used: 2 },
        { kind: 'leak', offset: at('data'), stored: 1, used: 0 },
      ],
    ],
    [
      'a missing copied flag',
      [[at('l1Table'), 0]],
      [{ kind: 'copied-flag', offset: at('l2Table'), stored: 1, used: 1 }],
    ],
  ];
  it.each(cases)('the check finds %s', (_, patches, problems) => {
    expect(checkQcow2(patched(small, patches)).problems).toEqual(problems);
  });

  it('the check does not walk what is absent, however long the file and the disk are', () => {
    const TIB = 2 ** 40;
    const disk = encoded(createLayout(64 * TIB, [filled(40 * TIB, 1, 1)]));
    let reads = 0;
    const sparse: ByteSource = {
      size: 64 * TIB,
      readInto(into, offset) {
        reads++;
        into.fill(0);
        if (offset < disk.size) disk.readInto(into.subarray(0, disk.size - offset), offset);
      },
    };
    expect(checkQcow2(sparse)).toMatchObject({ allocatedClusters: 1, leaks: 0, errors: 0 });
    expect(reads).toBeLessThan(500);
  });

  it('the check finds the same in many passes as in one', () => {
    const disk = createLayout(10 * GIB, [filled(0, 5000 * CLUSTER, 1), filled(9 * GIB, 10, 1)]);
    const file = patched(encoded(disk), [[2 * CLUSTER + 2 * 5001 + 1, 3]]);
    const once = checkQcow2(file);
    expect(once.leaks).toBe(1);
    expect(checkQcow2(file, 1)).toEqual(once);
  });

  it('the check refuses what it does not count', () => {
    expect(
      tolerate(() => checkQcow2(patched(small, [[63, 1], ...entry(64, BigInt(at('data')))])))?.code,
    ).toBe('unsupported');
    expect(tolerate(() => checkQcow2(patched(small, [[95, 1]])))?.code).toBe('unsupported');
  });

  it('the check ends where the L1 table names one L2 table over and over', () => {
    const file = readBytes(encoded(createLayout(64 * GIB, [filled(0, 1, 1)])), 0, 6 * CLUSTER);
    const view = viewOf(file);
    for (let index = 0; index < 128; index++) {
      view.setBigUint64(at('l1Table') + index * 8, view.getBigUint64(at('l1Table')));
    }
    expect(() => checkQcow2(bytesSource(file))).toThrow(ImageError);
  });
});
