// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageEntry } from '@latticra/disk-image/files';
import { expect, it, vi } from 'vitest';
import { extractInto } from './extract.js';

vi.mock('node:fs/promises', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:fs/promises')>()),
  symlink: () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'symlink' })),
}));

it('an image with symbolic links, where a file system has none, is refused with what to do, and nothing is left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-extract-'));
  const link: ImageEntry = {
    ...{ path: 'link', type: 'symbolic-link', size: 0, mode: undefined, target: 'a' },
    open: () => expect.unreachable(),
    list: () => expect.unreachable(),
  };
  try {
    const { signal } = new AbortController();
    const options = { maxBytes: 100, signal, onBytes: () => undefined, onTotal: () => undefined };
    await expect(extractInto(join(folder, 'out'), () => [link], options)).rejects.toMatchObject({
      code: 'cannot-create',
      message: expect.stringMatching(/out: operation not permitted \(EPERM\)$/),
      fix: 'extract to where there are permissions and symbolic links; FAT and its like have none',
    });
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
