// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleScript } from '../../../../tools/testing/bundle.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-huge-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('disks far larger than memory are written and opened in little of it, and take little room', async () => {
  const script = await bundleScript(new URL('../testing/huge-disks.ts', import.meta.url), folder);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(Number(stdout) / 1024).toBeLessThan(150);
  for (const name of ['disk.qcow2', 'disk.raw']) {
    expect(statSync(join(folder, name)).blocks * 512, name).toBeLessThan(4 << 20);
  }
}, 180_000);
