// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { GRUB_TOOLS } from '../../../../tools/testing/grub.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { buildSeed } from '../build/seed.js';
import { buildVmImage } from '../build/vm-image.js';
import { SEED_RECORD_FILE } from './names.js';
import { writeSeedRecord, writeVmImageRecord } from './record.js';
import { validateSeedBuild } from './validate.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'grub-record-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

itWith(
  GRUB_TOOLS,
  'images of GRUB are made again by the same GRUB, with the configuration that is in them, and refused with another',
  async () => {
    const labels = {
      sourceCommit: 'unknown',
      sourceTag: 'none',
      sourceTagObject: 'none',
      buildEnvironment: 'a test',
      tool: { name: 'a test', version: '0' },
      outputDir: '.',
      kernel: undefined,
      grubConfig: undefined,
    };
    const validate = (name: string) =>
      validateSeedBuild({ path: name, resolvedPath: join(cwd, name), inputsFrom: cwd });
    const seed = await buildSeed({ outputDir: cwd, bootloader: 'grub', buildId: 'a' });
    await writeSeedRecord(seed, labels);
    const { record } = await validate(SEED_RECORD_FILE.iso);
    expect(record).toMatchObject({ bootloader: 'grub', grubVersion: seed.grub?.version });
    expect(record.grubConfig?.path).toBeUndefined();
    const config = join(cwd, 'my.cfg');
    writeFileSync(config, 'multiboot2 /boot/kernel.elf\nboot\n');
    const kernel = seed.kernel.path;
    const disk = {
      kernel,
      outputDir: cwd,
      bootloader: 'grub',
      grubConfig: config,
      imageSizeMib: 16,
    } as const;
    await writeVmImageRecord(await buildVmImage(disk), {
      ...labels,
      kernel: 'latticra-boot-seed.elf',
      grubConfig: 'my.cfg',
    });
    expect((await validate(SEED_RECORD_FILE.vmImage)).record.grubConfig?.path).toBe('my.cfg');
    writeFileSync(config, 'boot\n');
    await expect(validate(SEED_RECORD_FILE.vmImage)).rejects.toMatchObject({ code: 'input-differs' });
    const path = join(cwd, SEED_RECORD_FILE.iso);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^grub_version=.*$/m, 'grub_version=0.97'));
    await expect(validate(SEED_RECORD_FILE.iso)).rejects.toMatchObject({
      code: 'not-repeated',
      message: expect.stringContaining('made by GRUB 0.97'),
    });
  },
);
