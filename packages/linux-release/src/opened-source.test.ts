// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBytes } from '@latticra/disk-image';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openedSource } from './opened-source.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opened-source-'));
  writeFileSync(join(folder, 'a'), 'content');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('an open file is read, and what the system refuses is told with the path of that file', () => {
  const fd = openSync(join(folder, 'a'), 'r');
  const source = openedSource('shown/a', fd, 7);
  expect(Buffer.from(readBytes(source, 3, 4)).toString()).toBe('tent');
  expect(() => readBytes(openedSource('shown/a', fd, 9), 0, 9)).toThrow(
    expect.objectContaining({ code: 'truncated' }),
  );
  closeSync(fd);
  const denied = { name: 'HeldFileError', code: 'io', message: expect.stringMatching(/^shown\/a: .*EBADF/) };
  expect(() => readBytes(source, 0, 4)).toThrow(expect.objectContaining(denied));
});
