// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREBUILT_PARTS, setBuildId } from '@latticra/boot-seed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'boot-seed-vm-image-'));
  await writeFile(join(cwd, 'seed.elf'), setBuildId(PREBUILT_PARTS.kernel, 'lane-test'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd, env: { PATH: '' } });

describe(lane.bin, () => {
  it('the VM image build writes its three files and its record', async () => {
    const { status, stdout, stderr } = await run('--kernel', 'seed.elf', '--output-dir', "o'ut $dir");
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('\nboot_seed_build_id=lane-test\n');
    expect(stdout).toContain('\nboot_seed_vm_qcow2_artifact_present=0\n');
    expect(await readdir(join(cwd, "o'ut $dir"))).toEqual([
      'BOOTX64.EFI',
      'boot-seed-vm-image-build-record.txt',
      'latticra-boot-seed-esp.raw',
      'latticra-boot-seed.qcow2',
    ]);
  });

  it('the VM image build makes a disk of 64 GiB that takes no more room than a small one', async () => {
    const { status } = await run('--kernel', 'seed.elf', '--image-size-mib', '65536', '--output-dir', 'out');
    expect(status).toBe(0);
    expect((await stat(join(cwd, 'out/latticra-boot-seed.qcow2'))).size).toBeLessThanOrEqual(2 << 20);
    expect((await stat(join(cwd, 'out/latticra-boot-seed-esp.raw'))).blocks * 512).toBeLessThan(4 << 20);
  });

  const refused: [number, RegExp, string[]][] = [
    [64, /--kernel: required/, []],
    [64, /--grub-cfg: goes with --bootloader grub only/, ['--kernel', 'seed.elf', '--grub-cfg', 'x']],
    [
      64,
      /--image-size-mib: expected a whole number from 8/,
      ['--kernel', 'seed.elf', '--image-size-mib', '7'],
    ],
    [65, /found text, expected a Multiboot 2 kernel/, ['--kernel', 'text']],
    [
      65,
      /grub\.cfg: there is a control character in it; give a GRUB script/,
      ['--kernel', 'seed.elf', '--bootloader', 'grub', '--grub-cfg', 'binary'],
    ],
    [66, /none/, ['--kernel', 'seed.elf', '--bootloader', 'grub', '--grub-cfg', 'none']],
    [
      69,
      /grub-mkrescue: no such program on PATH; install grub-common/,
      ['--kernel', 'seed.elf', '--bootloader', 'grub'],
    ],
    [66, /missing/, ['--kernel', 'missing']],
  ];
  it.each(refused)('the VM image build ends with %i, saying %s', async (expected, reason, argv) => {
    await writeFile(join(cwd, 'text'), 'x'.repeat(100));
    await writeFile(join(cwd, 'binary'), 'a\0b');
    const { status, stdout, stderr } = await run(...argv);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/^latticra-boot-seed-vm-image-build: [^\n]+\n$/);
    expect((await readdir(cwd)).sort()).toEqual(['binary', 'seed.elf', 'text']);
  });
});
