// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript } from '../../../../tools/testing/bundle.js';
import { anchoredFolder, failure } from '../../test/anchor.js';
import { borrowFolder } from './index.js';

describe('a folder that another thread borrows', () => {
  const bundle = { folder: '', script: '' };
  beforeAll(async () => {
    bundle.folder = mkdtempSync(join(tmpdir(), 'latticra-held-thread-'));
    bundle.script = await bundleScript(
      new URL('../../test/thread-script.ts', import.meta.url),
      bundle.folder,
    );
  });
  afterAll(() => rmSync(bundle.folder, { recursive: true, force: true }));
  const held = anchoredFolder('procfs');
  const lent = () => {
    const { fd, path, stats } = held.root;
    return { fd, path, stats: { dev: stats.dev, ino: stats.ino } };
  };

  it('a borrowed folder is the same in the other thread, which can hold none by cwd, and stays open here', async () => {
    writeFileSync(held.at('f'), 'content');
    const worker = new Worker(bundle.script, { workerData: lent() });
    const messages: unknown[] = [];
    worker.on('message', (message) => messages.push(message));
    await once(worker, 'exit');
    expect(messages).toEqual(['content', 'unsupported']);
    expect(held.root.list().count).toBe(1);
  });

  it('a borrowed folder is not closed by who borrowed it', () => {
    const borrowed = borrowFolder(lent());
    borrowed.close();
    expect(() => borrowed.list()).toThrow('used after it was closed');
    expect(held.root.lstat('f')).toBeUndefined();
  });

  it('a borrowed folder is refused when its descriptor is of another folder', () => {
    const fd = openSync('/', 'r');
    expect(() => borrowFolder({ ...lent(), fd })).toThrow(failure('changed', 'of another folder'));
    closeSync(fd);
    expect(() => borrowFolder({ ...lent(), fd })).toThrow(failure('io', 'EBADF'));
  });
});
