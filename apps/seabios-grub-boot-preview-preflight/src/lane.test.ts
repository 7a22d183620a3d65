// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'boot-preview-preflight-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('the preview preflight works in any folder, and sees the tools on PATH without running them', async () => {
    const tool = join(cwd, 'grub-install');
    await writeFile(tool, '#!/bin/sh\ntouch "$0.ran"\n');
    await chmod(tool, 0o755);
    const { status, stdout, stderr } = await tryLane(lane, [], { cwd, env: { PATH: cwd } });
    expect([status, stderr]).toEqual([0, '']);
    expect(documentValues(stdout)).toMatchObject({
      manifest_path: '@latticra/manifest/installer/manifests/seabios-grub-boot-preview.toml',
      grub_install_available: '1',
      qemu_system_x86_64_available: '0',
      grub_install_invoked: '0',
      bootable_os_ready: '0',
    });
    expect(await readdir(cwd)).toEqual(['grub-install']);
  });

  it('the preview preflight says the same as JSON', async () => {
    const { stdout } = await tryLane(lane, ['--json'], { cwd, env: { PATH: '' } });
    const { title, fields, sections } = JSON.parse(stdout);
    expect(title).toBe('SEABIOS GRUB BOOT PREVIEW PREFLIGHT');
    expect(fields).toMatchObject({ preflight_status: 'ok', qemu_boot_execution_recorded: '0' });
    expect(Object.keys(sections)).toHaveLength(4);
  });
});
