// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREBUILT_PARTS, setBuildId } from '@latticra/boot-seed';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { GRUB_TOOLS } from '../../../tools/testing/grub.js';
import { tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'boot-seed-vm-image-'));
  await writeFile(join(cwd, 'seed.elf'), setBuildId(PREBUILT_PARTS.kernel, 'lane-test'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  itWith(
    GRUB_TOOLS,
    'the VM image build with GRUB takes a configuration of somebody else, and names the tools that it used',
    async () => {
      await writeFile(join(cwd, 'my.cfg'), 'multiboot2 /boot/kernel.elf\nboot\n');
      const argv = [
        '--kernel',
        'seed.elf',
        '--bootloader',
        'grub',
        '--grub-cfg',
        'my.cfg',
        '--output-dir',
        'out',
      ];
      const { status, stdout, stderr } = await tryLane(lane, argv, { cwd, env: process.env });
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain('\nboot_seed_toolchain=grub-mkstandalone\n');
      expect(stdout).toMatch(
        /\ngrub_mkstandalone_path=\/.*\ngrub_mkimage_path=\/.*\nxorriso_path=not-required\n/,
      );
      expect(stdout).toContain(`\nboot_seed_grub_cfg_source=${join(cwd, 'my.cfg')}\n`);
      expect(stdout).toMatch(/\nvm_image_build_command=.* --bootloader grub --grub-cfg .*my\.cfg\n/);
    },
  );
});
