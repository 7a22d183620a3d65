// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { sealReport } from '../../../tools/testing/seal-report.js';
import { lane } from './lane.js';

/** As the Node that runs this calls its permission model. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'seal-receipt-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the four reports', () => {
  it('all four reports, of which the receipt makes three, need no permission to read, write or run anything', async () => {
    const script = await bundleScript(new URL('./main.ts', import.meta.url), folder);
    const { status, stdout } = spawnSync(
      process.execPath,
      [PERMISSION, `--allow-fs-read=${script}`, '--no-warnings', script],
      { encoding: 'utf8', env: {}, cwd: folder },
    );
    expect(status).toBe(0);
    expect(stdout).toBe((await sealReport(lane)).text);
  });
});
