// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { blindInspector } from './assess.js';
import { inspectorFor } from './inspector.js';

describe('inspectorFor', () => {
  it.each([
    ['linux', 'linux', false],
    ['macos', 'darwin', false],
    ['linux', 'darwin', true],
    ['macos', 'linux', true],
    ['linux', 'win32', true],
    ['macos', 'freebsd', true],
  ] as const)('the inspector of %s devices on a host %s is blind: %s', (platform, host, isBlind) => {
    expect(inspectorFor(platform, host) === blindInspector).toBe(isBlind);
  });
});

it('an inspector of the devices of this platform answers as that of the platform does', async () => {
  const location = await inspectorFor('linux', 'linux').locate('/nowhere/at/all');
  expect(location).toEqual({ reason: 'not-found' });
  expect(await inspectorFor('linux', 'linux').inspect('/dev/nothing-of-that-name', undefined)).toEqual({
    inspected: false,
    reason: 'not-found',
  });
});
