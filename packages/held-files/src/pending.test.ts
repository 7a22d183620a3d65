// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSiblingTemporary, siblingPath } from './pending.js';

describe('a temporary beside a file', () => {
  it.each(['report.txt', 'n'.repeat(200)])('is known by its name: of %s', (target) => {
    expect(isSiblingTemporary(basename(siblingPath(`/a/${target}`, 'tmp')), target)).toBe(true);
    expect(isSiblingTemporary(basename(siblingPath(`/a/${target}`, 'staging')), target)).toBe(false);
    expect(isSiblingTemporary(basename(siblingPath(`/a/other${target}`, 'tmp')), target)).toBe(false);
    expect(isSiblingTemporary(target, target)).toBe(false);
  });
});
