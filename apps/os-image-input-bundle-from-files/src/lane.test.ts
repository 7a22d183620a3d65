// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archive } from '../../../packages/tar/test/archive.js';
import { INITRAMFS, KERNEL } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'input-bundle-from-files-'));
  await writeFile(join(cwd, 'kernel'), KERNEL);
  await writeFile(join(cwd, 'initramfs.img'), INITRAMFS);
  await writeFile(join(cwd, 'rootfs.tar'), archive({ name: 'init', content: 'init' }));
  await writeFile(join(cwd, 'rootfs.zip'), gzipSync(archive({ name: 'init' })));
  await writeFile(join(cwd, 'cut.tar'), archive({ name: 'init', content: 'init' }).subarray(0, 1024));
  await writeFile(join(cwd, 'outside.tar'), archive({ name: '../init' }));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const INPUTS = ['--kernel', 'kernel', '--initramfs', 'initramfs.img'];
const run = (...argv: string[]) => tryLane(lane, argv, { cwd, env: { PATH: '' } });

describe(lane.bin, () => {
  it('the input manifest records three files, by absolute paths and by what the lane finds out itself', async () => {
    const { status, stdout, stderr } = await run(...INPUTS, '--rootfs', 'rootfs.tar');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^LATTICRA OS IMAGE INPUT BUNDLE MANIFEST\nmanifest_version=1\n/);
    const digest = createHash('sha256')
      .update(await readFile(join(cwd, 'rootfs.tar')))
      .digest('hex');
    expect(documentValues(stdout)).toMatchObject({
      source_commit: 'unknown',
      build_environment: `local-${process.platform}-${process.arch}`,
      kernel_image_input_path: join(cwd, 'kernel'),
      rootfs_input_format: 'tar',
      rootfs_input_sha256: `sha256:${digest}`,
      operator_recovery_path: 'none',
    });
  });

  it('the lane goes by the content of the root file system, and takes what it is told of the rest', async () => {
    const { stdout } = await run(
      ...[...INPUTS, '--rootfs', 'rootfs.zip', '--rootfs-format', 'tar.gz', '--relative-to', '.'],
      ...[
        '--source-commit',
        'abc',
        '--build-environment',
        'ci',
        '--operator-recovery-path',
        'https://a.example/b',
      ],
    );
    expect(documentValues(stdout)).toMatchObject({
      source_commit: 'abc',
      build_environment: 'ci',
      rootfs_input_path: 'rootfs.zip',
      rootfs_input_format: 'tar.gz',
      operator_recovery_path: 'https://a.example/b',
    });
  });

  it.each([
    [64, [], /--kernel: required, a path/],
    [64, [...INPUTS, '--rootfs', 'rootfs.tar', '--rootfs-format', 'zip'], /tar or tar\.gz/],
    [
      65,
      [...INPUTS, '--rootfs', 'rootfs.tar', '--rootfs-format', 'tar.gz'],
      /expected tar\.gz, found tar content/,
    ],
    [
      65,
      [...INPUTS, '--rootfs', 'kernel'],
      /found a Linux kernel, expected a tar archive, alone or compressed with gzip/,
    ],
    [
      65,
      ['--kernel', 'initramfs.img', '--initramfs', 'kernel', '--rootfs', 'rootfs.tar'],
      /initramfs\.img: found a cpio archive, expected a kernel/,
    ],
    [65, ['--kernel', 'kernel', '--initramfs', 'kernel', '--rootfs', 'rootfs.tar'], /found a Linux kernel/],
    [65, [...INPUTS, '--rootfs', 'cut.tar'], /member "init"/],
    [65, [...INPUTS, '--rootfs', 'outside.tar'], /member "\.\.\/init" has \.\./],
    [65, [...INPUTS, '--rootfs', '.'], /is a folder/],
    [66, [...INPUTS, '--rootfs', 'gone.tar'], /no such file/],
    [
      66,
      [...INPUTS, '--rootfs', 'rootfs.tar', '--operator-recovery-path', 'gone.md'],
      /gone\.md: no such file/,
    ],
  ])(
    'the lane that records inputs ends with %i for %j, with one line and nothing on stdout',
    async (expected, argv, reason) => {
      const { status, stdout, stderr } = await run(...argv);
      expect([status, stdout]).toEqual([expected, '']);
      expect(stderr).toMatch(/^latticra-os-image-input-bundle-from-files: [^\n]+\n$/);
      expect(stderr).toMatch(reason);
    },
  );
});
