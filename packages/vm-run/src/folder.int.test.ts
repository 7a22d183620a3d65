// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { withPrivateFolder } from './folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-private-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a private folder', () => {
  it('a private folder is entered by its user alone, and gone afterwards, whatever came of it', async () => {
    const listeners = process.listenerCount('exit');
    const mode = await withPrivateFolder(folder, async (path) => {
      writeFileSync(join(path, 'a'), '');
      return statSync(path).mode & 0o777;
    });
    expect(mode).toBe(0o700);
    const failed = withPrivateFolder(folder, async () => {
      throw new RangeError();
    });
    await expect(failed).rejects.toThrow(RangeError);
    expect(readdirSync(folder)).toEqual([]);
    expect(process.listenerCount('exit')).toBe(listeners);
  });

  it('a private folder is gone after a process that exits while it works there', async () => {
    const parent = join(folder, 'parent');
    mkdirSync(parent);
    const script = await bundleScript(new URL('../test/folder-script.ts', import.meta.url), folder);
    const { status, stdout } = spawnSync(process.execPath, [script, parent], { encoding: 'utf8' });
    expect({ status, parent: dirname(stdout) }).toEqual({ status: 3, parent });
    expect(readdirSync(parent)).toEqual([]);
  });
});
