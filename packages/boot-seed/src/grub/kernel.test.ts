// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { assertBootable } from '../multiboot/index.js';
import { makeKernel } from '../testing/make-kernel.js';
import { assertStartable } from './kernel.js';

describe('assertStartable', () => {
  it("GRUB's check wants the ELF entry in a segment, beside the one that a tag names", () => {
    const tags = [{ type: 3, words: [0x100000] }];
    expect(() => assertStartable(makeKernel())).not.toThrow();
    expect(() => assertStartable(makeKernel({ tags }))).not.toThrow();
    const elsewhere = makeKernel({ tags, entry: 0x900000n });
    expect(() => assertBootable(elsewhere)).not.toThrow();
    expect(() => assertStartable(elsewhere)).toThrow(
      expect.objectContaining({ code: 'kernel-no-entry', kind: 'data' }),
    );
  });
});
