// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { testFolder } from '../test/folder.js';
import { createNewFile } from './index.js';

const folder = testFolder();

it('a new file has what was written in any order, and zeros elsewhere up to its length', async () => {
  const path = join(folder.path, 'new');
  const file = await createNewFile(path);
  file.write(Buffer.from('world'), 6);
  file.write(Buffer.from('hello'), 0);
  await file.syncEarly();
  await file.finish(13);
  await file.close();
  expect(readFileSync(path, 'latin1')).toBe('hello\0world\0\0');
  expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
});

it('the disk is set to work for all that was written of a new file, where its end was written first as well', async () => {
  const any = await open(folder.path);
  const datasync = vi.spyOn(Object.getPrototypeOf(any), 'datasync');
  await any.close();
  const file = await createNewFile(join(folder.path, 'large'));
  const half = new Uint8Array(32 << 20);
  try {
    const begun: number[] = [];
    for (const at of [1 << 30, 0, 32 << 20, 64 << 20]) {
      file.write(half, at);
      await file.syncEarly();
      begun.push(datasync.mock.calls.length);
    }
    expect(begun).toEqual([0, 1, 1, 2]);
    await file.finish(1 << 30);
  } finally {
    datasync.mockRestore();
    await file.close();
  }
});

it('a new file takes no name that something has', async () => {
  const path = join(folder.path, 'there');
  writeFileSync(path, 'kept');
  await expect(createNewFile(path)).rejects.toMatchObject({ code: 'exists', path });
  expect(readFileSync(path, 'utf8')).toBe('kept');
});

it('what the system refuses of a new file is told with its path', async () => {
  const missing = join(folder.path, 'missing', 'new');
  await expect(createNewFile(missing)).rejects.toMatchObject({ code: 'cannot-create', path: missing });
  const path = join(folder.path, 'closed');
  const file = await createNewFile(path);
  await file.close();
  expect(() => file.write(Buffer.from('x'), 0)).toThrow(path);
  await expect(file.finish(1)).rejects.toMatchObject({ path });
});
