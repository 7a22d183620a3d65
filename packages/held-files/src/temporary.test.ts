// SPDX-License-Identifier: Apache-2.0
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { withTemporaryFolder } from './temporary.js';

const folder = testFolder();

it('a temporary folder is entered by its user alone, and gone afterwards', async () => {
  const mode = await withTemporaryFolder(folder.at('work-'), async (path) => {
    expect(path.startsWith(folder.at('work-'))).toBe(true);
    writeFileSync(join(path, 'a'), '');
    return statSync(path).mode & 0o777;
  });
  expect(mode).toBe(0o700);
  expect(readdirSync(folder.path)).toEqual([]);
});

it('a temporary folder is gone as well where the work in it fails', async () => {
  const failed = withTemporaryFolder(folder.at('work-'), async () => {
    throw new RangeError('mine');
  });
  await expect(failed).rejects.toThrow(RangeError);
  expect(readdirSync(folder.path)).toEqual([]);
});

it('a temporary folder that cannot be made is told with the folder that it was to be in', async () => {
  await expect(withTemporaryFolder(folder.at('no/work-'), async () => {})).rejects.toMatchObject({
    name: 'HeldFileError',
    code: 'cannot-create',
    message: `${folder.at('no')}: no such file or folder (ENOENT)`,
  });
});

it('a file that the system refuses in a temporary folder is told with its path', async () => {
  for (const work of [
    (path: string) => writeFile(join(path, 'no/a'), ''),
    async (path: string) => void (await readFile(join(path, 'no/a'))),
  ]) {
    await expect(withTemporaryFolder(folder.at('work-'), work)).rejects.toMatchObject({
      name: 'HeldFileError',
      message: expect.stringMatching(/work-\w{6}\/no\/a: no such file or folder \(ENOENT\)$/),
    });
  }
});

it('a temporary folder that somebody else removed is told', async () => {
  const gone = withTemporaryFolder(folder.at('work-'), (path) => rm(path, { recursive: true }));
  await expect(gone).rejects.toMatchObject({ name: 'HeldFileError', code: 'cannot-create' });
});
