// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { pageMemory, sharedPageMemory } from './page-memory.js';

it.each([
  ['of one thread', pageMemory, 'resizable'],
  ['of several threads', sharedPageMemory, 'growable'],
])('memory %s is zeros, has pages of its own, and is digested as any other', (_, make, isOwn) => {
  for (const length of [0, 1, 4096, 3 << 20]) {
    const memory = make(length);
    expect(Buffer.compare(memory, new Uint8Array(length))).toBe(0);
    expect(memory.byteOffset).toBe(0);
    expect(memory.buffer).toHaveProperty(isOwn, true);
    memory.fill(7);
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(digest(memory)).toBe(digest(new Uint8Array(length).fill(7)));
  }
});
