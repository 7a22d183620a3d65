// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { runTool } from '../tool.js';
import { grubConfig } from './config.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('grubConfig', () => {
  itWith(['grub-script-check'], 'grub-script-check accepts the configuration as a script', async () => {
    await writeFile(join(folder, 'grub.cfg'), grubConfig('a b=$c ;{}|&<> #%! console=ttyS0'));
    expect(await runTool('/usr/bin/grub-script-check', ['grub.cfg'], { cwd: folder })).toEqual({
      code: 0,
      output: '',
    });
  });
});
