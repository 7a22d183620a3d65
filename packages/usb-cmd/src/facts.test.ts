// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeviceFacts, judgeFacts, type Learned, largeEnough, NOTHING_LEARNED } from './facts.js';

const STICK: DeviceFacts = {
  wholeDisk: 1,
  removable: 1,
  readOnly: 0,
  mounted: 0,
  backsSystem: 0,
  storageMember: 0,
  holdsIso: 0,
  sizeBytes: 8_000_000_000,
  mountedNodes: [],
};

describe('judgeFacts', () => {
  it('nothing speaks against a stick that is large enough', () => {
    expect(judgeFacts(STICK, 2_000_000)).toBeUndefined();
    expect(judgeFacts(STICK, STICK.sizeBytes as number)).toBeUndefined();
  });

  it.each([
    ['partition', { wholeDisk: 0 }],
    ['backs-system', { backsSystem: 1, mounted: 1 }],
    ['holds-iso', { holdsIso: 1, mounted: 1 }],
    ['storage-member', { storageMember: 1 }],
    ['mounted', { mounted: 1 }],
    ['not-removable', { removable: 0 }],
    ['read-only', { readOnly: 1 }],
    ['no-medium', { sizeBytes: 0 }],
    ['too-small', { sizeBytes: 1_999_999 }],
    ['not-inspected', { wholeDisk: 'unknown' }],
    ['backs-system-unknown', { backsSystem: 'unknown' }],
    ['holds-iso-unknown', { holdsIso: 'unknown' }],
    ['storage-member-unknown', { storageMember: 'unknown' }],
    ['mounted-unknown', { mounted: 'unknown' }],
    ['removable-unknown', { removable: 'unknown' }],
    ['read-only-unknown', { readOnly: 'unknown' }],
    ['size-unknown', { sizeBytes: 'unknown' }],
  ] as const)('the reason is %s for %o', (reason, facts) => {
    expect(judgeFacts({ ...STICK, ...facts }, 2_000_000)).toBe(reason);
  });

  it('an image that is not there is no reason against a device', () => {
    expect(judgeFacts({ ...STICK, holdsIso: 'unknown' }, undefined)).toBeUndefined();
    expect(largeEnough(STICK, undefined)).toBe('unknown');
    expect(largeEnough(NOTHING_LEARNED, 1)).toBe('unknown');
  });

  it('a device passes only when every single fact is known and good', () => {
    const learned = fc.constantFrom<Learned[]>(0, 1, 'unknown');
    const facts = fc.record({
      wholeDisk: learned,
      removable: learned,
      readOnly: learned,
      mounted: learned,
      backsSystem: learned,
      storageMember: learned,
      holdsIso: learned,
      sizeBytes: fc.constantFrom<(number | 'unknown')[]>(0, 511, 512, 'unknown'),
      mountedNodes: fc.constant([]),
    });
    fc.assert(
      fc.property(facts, (found) => {
        const good: DeviceFacts = { ...STICK, sizeBytes: 512 };
        expect(judgeFacts(found, 512) === undefined).toBe(JSON.stringify(found) === JSON.stringify(good));
      }),
      { numRuns: 1000, examples: [[{ ...STICK, sizeBytes: 512, mountedNodes: [] }]] },
    );
  });
});
