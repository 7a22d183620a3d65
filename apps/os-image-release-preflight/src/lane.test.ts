// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import shipped from '../../../installer/manifests/latticra-os-image-release.toml';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'preflight-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('the release preflight works in any folder, and sees the tools on PATH without running them', async () => {
    const tool = join(cwd, 'xorriso');
    await writeFile(tool, '#!/bin/sh\ntouch "$0.ran"\n');
    await chmod(tool, 0o755);
    const { status, stdout } = await tryLane(lane, [], { cwd, env: { PATH: cwd } });
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      xorriso_available: '1',
      qemu_img_available: '0',
      bootable_os_ready: '0',
    });
    await expect(rm(`${tool}.ran`)).rejects.toThrow();
  });

  it('the fixture that is named guards the release preflight', async () => {
    await writeFile(
      join(cwd, 'early.toml'),
      shipped.replace('bootable_os_ready = false', 'bootable_os_ready = true'),
    );
    const { status, stdout, stderr } = await tryLane(lane, ['--manifest', 'early.toml'], { cwd });
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/early\.toml: readiness\.bootable_os_ready: expected false, found true/);
  });
});
