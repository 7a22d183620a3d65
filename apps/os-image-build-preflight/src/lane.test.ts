// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputBundle, inputBundleFromFiles } from '@latticra/manifest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archive } from '../../../packages/tar/test/archive.js';
import { INITRAMFS, KERNEL } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'build-preflight-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd, env: { PATH: '' } });

/** Puts the inputs, and a manifest of them, where the lane looks for them. */
async function plant(): Promise<string> {
  const inputs = join(cwd, 'build/os-image');
  await mkdir(inputs, { recursive: true });
  const files = { kernel: 'kernel', initramfs: 'initramfs.img', rootfs: 'rootfs.tar' };
  await writeFile(join(inputs, files.kernel), KERNEL);
  await writeFile(join(inputs, files.initramfs), INITRAMFS);
  await writeFile(join(inputs, files.rootfs), archive({ name: 'init' }));
  const facts = { sourceCommit: 'abc', buildEnvironment: 'test', operatorRecoveryPath: 'none' };
  const manifest = await inputBundleFromFiles(
    { ...files, ...facts, rootfsFormat: undefined },
    { cwd: inputs },
  );
  await writeFile(join(inputs, 'input-bundle.txt'), inputBundle.format(manifest));
  return inputs;
}

describe(lane.bin, () => {
  it('the build preflight answers where there is nothing, and leaves it so', async () => {
    const { status, stdout, stderr } = await run();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^LATTICRA OS IMAGE BUILD PREFLIGHT\npreflight_status=ok\n/);
    expect(documentValues(stdout)).toMatchObject({
      preflight_decision: 'blocked-no-build-execution',
      input_manifest_path: 'build/os-image/input-bundle.txt',
      input_manifest_present: '0',
      kernel_image_input_present: '0',
      output_dir_path: 'artifacts/os-images/local-candidate',
      input_bundle_manifest_valid: '0',
      os_image_build_recipe_ready: '0',
    });
    expect(stdout).toMatch(/\n\[missing_for_build\]\nmissing_01=[^\n]*input-bundle\.txt: no such file/);
    expect(stdout).toContain("\nfuture_stage_rootfs_command=tar -xf 'build/os-image/rootfs.tar' -C '");
    expect(await readdir(cwd)).toEqual([]);
  });

  it('the build preflight finds inputs and a manifest that holds', async () => {
    await plant();
    expect(documentValues((await run()).stdout)).toMatchObject({
      input_manifest_present: '1',
      rootfs_input_present: '1',
      input_bundle_manifest_valid: '1',
      build_inputs_ready: '1',
      build_toolchain_ready: '0',
      os_image_build_recipe_ready: '0',
    });
  });

  it('the build preflight says what stands in the place of a kernel, with a manifest and without', async () => {
    const inputs = await plant();
    await writeFile(join(inputs, 'kernel'), 'hello');
    await rm(join(inputs, 'input-bundle.txt'));
    const { stdout } = await run();
    expect(documentValues(stdout).build_inputs_ready).toBe('0');
    expect(stdout).toMatch(/\nmissing_\d+=[^\n]*kernel: found text, expected a kernel/);
  });

  it('the build preflight tells why a manifest does not hold, and still succeeds', async () => {
    const inputs = await plant();
    await writeFile(join(inputs, 'kernel'), 'another');
    const { status, stdout } = await run();
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      kernel_image_input_present: '1',
      input_bundle_manifest_valid: '0',
      build_inputs_ready: '0',
    });
    expect(stdout).toMatch(/\nmissing_01=[^\n]*kernel: expected sha256:/);
  });

  it.each([
    [64, ['--kernel']],
    [64, ['--input-bundle', 'x']],
    [65, ['--rootfs', 'a\tb']],
    [66, ['--manifest', 'gone.toml']],
  ])(
    'the build preflight ends with %i for %j, with one line and nothing on stdout',
    async (expected, argv) => {
      const { status, stdout, stderr } = await run(...argv);
      expect([status, stdout]).toEqual([expected, '']);
      expect(stderr).toMatch(/^latticra-os-image-build-preflight: [^\n]+\n$/);
    },
  );
});
