// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { areUnlikeMakers } from './makers.js';

describe('areUnlikeMakers', () => {
  it.each([
    ['Dell Inc.', 'Dell'],
    ['LENOVO', 'Lenovo'],
    ['Hewlett-Packard', 'HP'],
    ['ASUSTeK COMPUTER INC.', 'asus'],
    ['unknown', 'Lenovo'],
    ['To Be Filled By O.E.M.', 'Lenovo'],
  ])('%s and %s may be one maker', (one, other) => expect(areUnlikeMakers(one, other)).toBe(false));

  it.each([
    ['QEMU', 'Lenovo'],
    ['Dell Inc.', 'HP'],
  ])('%s and %s are two makers', (one, other) => expect(areUnlikeMakers(one, other)).toBe(true));
});
