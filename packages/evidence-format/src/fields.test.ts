// SPDX-License-Identifier: Apache-2.0
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type ClaimKey, READINESS_CLAIMS, WITHHELD_AUTHORITY } from './claims.js';
import { EvidenceError, type FieldValues, fields, flag, isClaimKey } from './index.js';

const CLAIMS = [
  'hardware_install_ready',
  'full_os_install_ready',
  'bootable_os_ready',
  'production_os_claim',
  'usb_write_execution_allowed',
  'usb_write_executed',
  'qemu_execution_allowed_by_guard',
] as const;

describe('fields', () => {
  it('fields keep their order, and numbers are written in decimal', () => {
    expect(fields({ b: 1, a: 'x', c: 2n ** 60n, d: flag(true), e: flag(false), f: '' })).toEqual([
      { key: 'b', value: '1' },
      { key: 'a', value: 'x' },
      { key: 'c', value: '1152921504606846976' },
      { key: 'd', value: '1' },
      { key: 'e', value: '0' },
      { key: 'f', value: '' },
    ]);
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'the number %d is refused as a field',
    (value) => {
      expect(() => fields({ a: value })).toThrow(expect.objectContaining({ code: 'bad-value', key: 'a' }));
    },
  );

  it('a key that an object would move to the front is refused', () => {
    expect(() => fields({ a: 1, 7: 'x' })).toThrow(expect.objectContaining({ code: 'bad-key' }));
  });
});

describe('claims', () => {
  it('the claims are the seven of the contract, all 0', () => {
    expect({ ...READINESS_CLAIMS, ...WITHHELD_AUTHORITY }).toEqual(
      Object.fromEntries(CLAIMS.map((claim) => [claim, 0])),
    );
    expectTypeOf<ClaimKey>().toEqualTypeOf<(typeof CLAIMS)[number]>();
  });

  it('claims have no other value than 0 in the types', () => {
    expectTypeOf<{ bootable_os_ready: 0 }>().toExtend<FieldValues>();
    expectTypeOf<{ bootable_os_ready: 1 }>().not.toExtend<FieldValues>();
    expectTypeOf<{ bootable_os_ready: 0 | 1 }>().not.toExtend<FieldValues>();
    expectTypeOf<{ bootable_os_ready: '0' }>().not.toExtend<FieldValues>();
    expectTypeOf<{ [Claim in ClaimKey]: number }>().not.toExtend<FieldValues>();
    // A flag that is computed is no 0, unless it is known to be one.
    expectTypeOf(flag(Math.random() < 2)).toEqualTypeOf<0 | 1>();
    expectTypeOf(flag(false)).toEqualTypeOf<0>();
  });

  it.each(CLAIMS)('any value of %s but 0 is refused at run time, however it got there', (claim) => {
    expect(isClaimKey(claim)).toBe(true);
    expect(fields({ [claim]: 0 })).toEqual([{ key: claim, value: '0' }]);
    for (const value of [1, 2, '1', 'true', '', ' 0', 0n + 1n]) {
      expect(() => fields({ [claim]: value })).toThrow(EvidenceError);
      expect(() => fields({ [claim]: value })).toThrow(
        expect.objectContaining({ code: 'forbidden-claim', key: claim }),
      );
    }
  });

  it("no name but a claim's own counts as a claim", () => {
    expect(isClaimKey('toString')).toBe(false);
    expect(isClaimKey('vm_test_command_ready')).toBe(false);
  });
});
