// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from './pass.js';
import { bytesSource } from './source.js';

const MIB = 1 << 20;

function compare(found: Uint8Array, expected: Uint8Array, signal = new AbortController().signal) {
  return compareBytes(bytesSource(found), bytesSource(expected), { onBytes: () => undefined, signal });
}

describe('bytes that are held against others', () => {
  it('the first byte that is another, or that one of both does not have, is found', async () => {
    const bytes = fc.uint8Array({ maxLength: 20, max: 1 });
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (found, expected) => {
        const longer = Math.max(found.length, expected.length);
        const places = Array.from({ length: longer }, (_, at) => at);
        const { sha256, differsAt } = await compare(found, expected);
        expect(differsAt).toBe(places.find((at) => found[at] !== expected[at]));
        expect(sha256).toBe(createHash('sha256').update(found).digest('hex'));
      }),
    );
  });

  it.each([0, MIB - 1, MIB, 2 * MIB + 4])('a byte at %d is found though it is read by pieces', async (at) => {
    const found = new Uint8Array(2 * MIB + 5);
    const expected = Uint8Array.from(found);
    expected[at] = 1;
    expect((await compare(found, expected)).differsAt).toBe(at);
    expect((await compare(found, found.subarray(0, at))).differsAt).toBe(at);
    expect((await compare(found.subarray(0, at), found)).differsAt).toBe(at);
    expect((await compare(found, found)).differsAt).toBeUndefined();
  });

  it('a comparison ends when it is told to', async () => {
    await expect(compare(new Uint8Array(5), new Uint8Array(5), AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
