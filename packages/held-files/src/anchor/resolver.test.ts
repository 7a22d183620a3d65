// SPDX-License-Identifier: Apache-2.0
import { closeSync, fstatSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failure } from '../../test/anchor.js';
import { testFolder } from '../../test/folder.js';
import { procfsResolver } from './resolver.js';

describe('procfsResolver', () => {
  const folder = testFolder();

  it('procfsResolver does not trust a /proc that leads elsewhere', () => {
    const [held, other] = [openSync(folder.path, 'r'), openSync('/', 'r')];
    try {
      const stats = fstatSync(held, { bigint: true });
      expect(procfsResolver('.', held, stats).anchoring).toBe('procfs');
      expect(() => procfsResolver('.', other, stats)).toThrow(
        failure('unsupported', 'does not lead to what is open'),
      );
    } finally {
      closeSync(held);
      closeSync(other);
    }
  });
});
