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
