// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { lookOf } from './names.js';

describe('lookOf', () => {
  it.each([
    ['bob@example.org', 'Bob@Example.ORG'],
    ['bob@example.org', 'b\u043eb@example.org'],
    ['builder@example.org', 'bu\u0456ld\u0435r@\u0435xampl\u0435.\u043erg'],
    ['bob@example.org', 'ｂｏｂ@example.org'],
    ['jos\u00e9@example.org', 'jose\u0301@example.org'],
    ['jos\u00e9@example.org', 'jose@example.org'],
    ['lab-1', 'l\u03b1b-1'],
  ])('%s and %s look the same', (one, other) => expect(lookOf(other)).toBe(lookOf(one)));

  it.each([
    ['bob@example.org', 'bob@example.com'],
    ['lab-1', 'lab-2'],
    ['алиса@пример.рф', 'борис@пример.рф'],
    ['alice@example.org', 'bob@example.org'],
  ])('%s and %s look different', (one, other) => expect(lookOf(other)).not.toBe(lookOf(one)));
});
