// SPDX-License-Identifier: Apache-2.0

import { once } from 'node:events';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyAndSum, measureFile, readStableFile, stageFolder, writeFileAtomic } from './index.js';

let folder: string;
const at = (name: string) => join(folder, name);
const CONTENT = Buffer.alloc(3 << 20, 7);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-signal-'));
  writeFileSync(at('file'), CONTENT);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A signal that is given after so many bytes. */
function after(bytes: number) {
  const controller = new AbortController();
  let done = 0;
  const onBytes = (count: number) => {
    done += count;
    if (done >= bytes) controller.abort();
  };
  return { onBytes, signal: controller.signal, done: () => done };
}

const ABORTED = { name: 'AbortError' };

it('a measurement ends between two pieces, and before the first', async () => {
  const options = after(1 << 20);
  await expect(measureFile(at('file'), options)).rejects.toMatchObject(ABORTED);
  expect(options.done()).toBeLessThan(2 << 20);
  await expect(measureFile(at('file'), { signal: AbortSignal.abort() })).rejects.toMatchObject(ABORTED);
  await expect(measureFile(at('file'), { signal: new AbortController().signal })).resolves.toMatchObject({
    size: CONTENT.length,
  });
});

it('a copy ends, and a staged folder leaves nothing of it', async () => {
  const staged = stageFolder(at('out'), (staging) => {
    // Where the file system clones, the clone is summed, and that ends.
    return copyAndSum(at('file'), join(staging, 'copy'), after(1 << 20));
  });
  await expect(staged).rejects.toMatchObject(ABORTED);
  expect(readdirSync(folder)).toEqual(['file']);
});

it('a file that is written stays what it was', async () => {
  const pieces = Array.from({ length: 8 }, () => new Uint8Array(1 << 20));
  await expect(writeFileAtomic(at('file'), pieces, after(2 << 20))).rejects.toMatchObject(ABORTED);
  await expect(writeFileAtomic(at('new'), [{ hole: 2 ** 40 }], after(2 << 20))).rejects.toMatchObject(
    ABORTED,
  );
  expect(readFileSync(at('file')).equals(CONTENT)).toBe(true);
  expect(readdirSync(folder)).toEqual(['file']);
});

it('a FileHandle is measured, read and copied as its path is, and stays open', async () => {
  const handle = await open(at('file'));
  const { size, sha256 } = await measureFile(at('file'));
  expect(await measureFile(handle)).toMatchObject({ size, sha256, path: `file descriptor ${handle.fd}` });
  expect((await readStableFile(handle, { maxBytes: size })).sha256).toBe(sha256);
  expect((await copyAndSum(handle, at('copy'))).sha256).toBe(sha256);
  expect((await handle.stat()).size).toBe(size);
  await handle.close();
  expect(existsSync(at('copy'))).toBe(true);
});

it('a FileHandle of a folder, and a file that changes under its handle, are refused', async () => {
  const folderHandle = await open(folder);
  await expect(measureFile(folderHandle)).rejects.toMatchObject({ code: 'not-regular' });
  await folderHandle.close();
  const handle = await open(at('file'));
  const changing = measureFile(handle, { onBytes: () => writeFileSync(at('file'), 'other') });
  await expect(changing).rejects.toMatchObject({ code: 'changed' });
  await handle.close();
});

it('a stream, and what is nothing of the kind, are refused by name', async () => {
  const stream = createReadStream(at('file'));
  await once(stream, 'open');
  for (const place of [stream, 3, undefined, null, {}, new URL('file:///x')]) {
    await expect(measureFile(place as never)).rejects.toMatchObject({
      name: 'HeldFileError',
      code: 'no-place',
      kind: 'usage',
    });
  }
  stream.destroy();
});
