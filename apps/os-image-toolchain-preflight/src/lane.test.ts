// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'toolchain-preflight-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('the toolchain preflight answers with nothing on PATH', async () => {
    const { status, stdout, stderr } = await tryLane(lane, [], { cwd, env: { PATH: '' } });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^LATTICRA OS IMAGE TOOLCHAIN PREFLIGHT\npreflight_status=ok\n/);
    expect(documentValues(stdout)).toMatchObject({
      preflight_mode: 'no-effect-tool-visibility-report',
      preflight_decision: 'toolchain-readiness-report-no-install',
      qemu_img_available: '0',
      qemu_img_path: 'missing',
      sha256_tool_available: '0',
      embedded_toolchain_ready: '1',
      os_image_toolchain_ready: '0',
    });
  });

  it('the toolchain preflight looks along PATH and runs nothing that it finds', async () => {
    for (const program of ['qemu-img', 'tar', 'shasum']) {
      await writeFile(join(cwd, program), `#!/bin/sh\ntouch '${cwd}/was-run'\n`);
      await chmod(join(cwd, program), 0o755);
    }
    const { stdout } = await tryLane(lane, [], { cwd, env: { PATH: cwd } });
    expect(documentValues(stdout)).toMatchObject({
      qemu_img_available: '1',
      qemu_img_path: join(cwd, 'qemu-img'),
      tar_available: '1',
      sha256_tool_available: '1',
      xorriso_available: '0',
    });
    expect(await readdir(cwd)).not.toContain('was-run');
  });

  it.each([
    [64, ['--install']],
    [64, ['tar']],
    [66, ['--manifest', 'gone.toml']],
  ])(
    'the toolchain preflight ends with %i for %j, with one line and nothing on stdout',
    async (expected, argv) => {
      const { status, stdout, stderr } = await tryLane(lane, argv, { cwd });
      expect([status, stdout]).toEqual([expected, '']);
      expect(stderr).toMatch(/^latticra-os-image-toolchain-preflight: [^\n]+\n$/);
    },
  );
});
