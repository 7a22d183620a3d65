// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputBundle, inputBundleFromFiles } from '@latticra/manifest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archive } from '../../../packages/tar/test/archive.js';
import { INITRAMFS, KERNEL } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
const at = (name: string) => join(cwd, name);
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'input-bundle-validate-'));
  await writeFile(at('kernel'), KERNEL);
  await writeFile(at('initramfs.img'), INITRAMFS);
  await writeFile(at('rootfs.tar'), archive({ name: 'init' }, { name: 'etc/', type: '5' }));
  await writeFile(at('recovery.md'), 'turn it off');
  const manifest = await inputBundleFromFiles(
    {
      ...{
        sourceCommit: 'abc',
        buildEnvironment: 'test',
        operatorRecoveryPath: 'recovery.md',
        relativeTo: '.',
      },
      ...{ kernel: 'kernel', initramfs: 'initramfs.img', rootfs: 'rootfs.tar', rootfsFormat: undefined },
    },
    { cwd },
  );
  await writeFile(at('inputs.txt'), inputBundle.format(manifest));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd });

describe(lane.bin, () => {
  it('the input validation reports on a bundle that is as recorded, and claims nothing', async () => {
    const { status, stdout, stderr } = await run('--input-manifest', 'inputs.txt');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^LATTICRA OS IMAGE INPUT BUNDLE VALIDATION\nvalidation_status=ok\n/);
    expect(documentValues(stdout)).toMatchObject({
      validation_decision: 'metadata-consistency-only-no-readiness-promotion',
      input_manifest_path: 'inputs.txt',
      input_bundle_manifest_valid: '1',
      kernel_image_input_path: 'kernel',
      kernel_image_input_resolved_path: at('kernel'),
      kernel_image_input_size_bytes: String(KERNEL.length),
      rootfs_input_format: 'tar',
      rootfs_input_member_count: '2',
      operator_recovery_path_present: '1',
      os_image_build_execution_allowed: '0',
      bootable_os_ready: '0',
      host_mutation_performed: '0',
    });
  });

  it.each([
    [64, [], undefined, /--input-manifest: required/],
    [66, ['--input-manifest', 'gone.txt'], undefined, /gone\.txt: no such file/],
    [65, ['--input-manifest', 'inputs.txt'], ['kernel', 'KERNEL'], /kernel: expected sha256:\w{64}, found/],
    [
      65,
      ['--input-manifest', 'inputs.txt'],
      ['rootfs.tar', 'no tar'],
      /found text, expected a tar archive, alone or compressed with gzip/,
    ],
    [65, ['--input-manifest', 'inputs.txt'], ['inputs.txt', 'no manifest\n'], /title: expected/],
  ] as const)(
    'the input validation ends with %i for %j after %j, with one line and nothing on stdout',
    async (expected, argv, change, reason) => {
      if (change !== undefined) await writeFile(at(change[0]), change[1]);
      const { status, stdout, stderr } = await run(...argv);
      expect([status, stdout]).toEqual([expected, '']);
      expect(stderr).toMatch(/^latticra-os-image-input-bundle-validate: [^\n]+\n$/);
      expect(stderr).toMatch(reason);
    },
  );

  it('the input validation lets no manifest claim readiness', async () => {
    const text = await readFile(at('inputs.txt'), 'utf8');
    await writeFile(at('inputs.txt'), text.replace('bootable_os_ready=0', 'bootable_os_ready=1'));
    expect(await run('--input-manifest', 'inputs.txt')).toMatchObject({ status: 65, stdout: '' });
  });

  it('the input validation misses a file that is gone', async () => {
    await rm(at('initramfs.img'));
    expect(await run('--input-manifest', 'inputs.txt')).toMatchObject({ status: 66, stdout: '' });
  });
});
