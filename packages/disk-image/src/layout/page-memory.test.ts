// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { pageMemory } from './page-memory.js';

it.each([0, 1, 4096, 3 << 20])('memory of %i bytes is zeros, and has pages of its own', (length) => {
  const memory = pageMemory(length);
  expect(Buffer.compare(memory, new Uint8Array(length))).toBe(0);
  expect(memory.byteOffset).toBe(0);
  expect((memory.buffer as ArrayBuffer & { resizable: boolean }).resizable).toBe(true);
});
