// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { GRUB_TOOLS } from '../../../tools/testing/grub.js';
import { tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'boot-seed-build-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd, env: process.env });

const field = (document: string, key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(document)?.[1];

describe(lane.bin, () => {
  itWith(
    ['as', 'ld'],
    'the seed build finds with GNU as and ld that the sources give what ships',
    async () => {
      const shipped = await run('--toolchain', 'prebuilt');
      for (const toolchain of ['auto', 'gnu']) {
        const { status, stdout } = await run('--toolchain', toolchain);
        expect(status).toBe(0);
        expect(field(stdout, 'boot_seed_rebuilt_from_source_matches')).toBe('1');
        expect(field(stdout, 'boot_seed_iso_sha256')).toBe(field(shipped.stdout, 'boot_seed_iso_sha256'));
      }
      expect(field(shipped.stdout, 'boot_seed_rebuilt_from_source_matches')).toBe('not-checked');
    },
  );

  itWith(GRUB_TOOLS, 'the seed build with GRUB names the tools that it used', async () => {
    const { status, stdout, stderr } = await run('--bootloader', 'grub', '--build-id', 'g');
    expect([status, stderr]).toEqual([0, '']);
    expect(field(stdout, 'boot_seed_toolchain')).toBe('grub-mkrescue');
    for (const tool of ['grub_mkrescue', 'grub_mkimage', 'xorriso', 'mformat', 'mcopy']) {
      expect(field(stdout, `${tool}_path`)).toMatch(/^\//);
    }
    expect(field(stdout, 'grub_mkstandalone_path')).toBe('not-required');
    expect(field(stdout, 'grub_version')).toMatch(/^2\./);
    expect(field(stdout, 'iso_build_command')).toContain(' --bootloader grub ');
  });
});
