// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';

let folder = '';
let script = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-exhausted-'));
  script = await bundleScript(new URL('../test/exhausted.ts', import.meta.url), folder);
  const firmware = join(folder, 'firmware');
  mkdirSync(firmware);
  writeFileSync(join(firmware, '50-any.json'), '{}');
  writeFileSync(join(folder, 'code.fd'), Buffer.alloc(4096));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['program', 'descriptors', 'flash'])(
  'a %s that meets the limit of open files is told as that, and not as missing or broken',
  (what) => {
    const { stdout } = spawnSync(process.execPath, [script, what, folder], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'ToolchainError',
      code: 'machine-exhausted',
      kind: 'io',
      message: expect.stringContaining('too many open files (EMFILE)'),
      fix: 'raise the limit of open files, which ulimit -n shows',
    });
  },
);
