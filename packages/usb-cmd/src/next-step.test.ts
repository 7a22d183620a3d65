// SPDX-License-Identifier: Apache-2.0
import { fields } from '@latticra/evidence-format';
import { describe, expect, it } from 'vitest';
import { CASES } from '../test/linux/cases.js';
import { MAC_CASES } from '../test/macos/cases.js';
import type { DeviceAssessment } from './assess.js';
import { NOTHING_LEARNED } from './facts.js';
import { nextStep } from './next-step.js';

const blocked = (
  platform: DeviceAssessment['platform'],
  reason: DeviceAssessment['reason'],
): DeviceAssessment => ({
  path: '/dev/sdb',
  platform,
  valid: true,
  placeholder: false,
  inspected: true,
  facts: { ...NOTHING_LEARNED, mountedNodes: ['/dev/sdb1'] },
  reason,
});

describe('nextStep', () => {
  const reasons = [
    ...CASES.map(({ reason }) => ['linux', reason] as const),
    ...MAC_CASES.map(({ reason }) => ['macos', reason] as const),
  ].filter(([, reason]) => reason !== undefined);

  it.each([...new Map(reasons.map((entry) => [entry.join(' '), entry])).values()])(
    'a device blocked on %s gets one line about what to do for %s',
    (platform, reason) => {
      const step = nextStep(blocked(platform, reason)) ?? '';
      expect(step).toMatch(/^[a-z/][ -~]{20,}[^.]$/);
      expect(fields({ device_blocked_next_step: step })).toHaveLength(1);
    },
  );

  it('a device that is not blocked needs no step', () => {
    expect(nextStep(blocked('linux', undefined))).toBeUndefined();
  });

  it('no step names a tool of the other platform', () => {
    for (const [platform, reason] of reasons) {
      const step = nextStep(blocked(platform, reason)) ?? '';
      if (platform === 'macos') expect(step).not.toMatch(/udev|losetup|lsblk -/);
      else expect(step).not.toMatch(/diskutil (info|apfs)/);
    }
  });
});
