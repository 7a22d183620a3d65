// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measureFile } from './measure.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chunks-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('measureFile with onChunk', () => {
  it.each([0, 1, 3_500_000])(
    'measureFile shows onChunk all of %i bytes, in order, and keeps them until it may go on',
    async (size) => {
      await writeFile(path, Buffer.alloc(size, 'a changing text '));
      const seen = createHash('sha256');
      let busy = false;
      const { sha256 } = await measureFile(path, {
        async onChunk(bytes) {
          expect(busy).toBe(false);
          busy = true;
          const before = createHash('sha256').update(bytes).digest('hex');
          await new Promise((resolve) => setImmediate(resolve));
          expect(createHash('sha256').update(bytes).digest('hex')).toBe(before);
          seen.update(bytes);
          busy = false;
        },
      });
      expect(seen.digest('hex')).toBe(sha256);
    },
  );

  it('measureFile stops at what onChunk throws', async () => {
    await writeFile(path, Buffer.alloc(3_500_000));
    const enough = new Error('enough');
    let chunks = 0;
    const measure = measureFile(path, {
      onChunk() {
        chunks++;
        return Promise.reject(enough);
      },
    });
    await expect(measure).rejects.toBe(enough);
    expect(chunks).toBe(1);
  });
});
