// SPDX-License-Identifier: Apache-2.0
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { HeldFileError } from '@latticra/held-files';
import { beforeEach, describe, expect, it } from 'vitest';
import { INITRAMFS, KERNEL } from '../../../../tools/testing/images.js';
import { archive } from '../../../tar/test/archive.js';
import { testFolder } from '../../test/folder.js';

import { inputBundleFromFiles } from '../input-bundle/from-files.js';
import { inputBundle } from '../input-bundle/schema.js';
import { surveyBuildInputs } from './build-inputs.js';

const folder = testFolder();
const PATHS = {
  inputManifest: 'inputs.txt',
  kernel: 'kernel',
  initramfs: 'initramfs.img',
  rootfs: 'rootfs.tar',
  outputDir: '.',
};
const survey = (paths: Partial<typeof PATHS> = {}) =>
  surveyBuildInputs({ ...PATHS, ...paths }, { cwd: folder.path });

beforeEach(async () => {
  folder.write('kernel', KERNEL);
  folder.write('initramfs.img', INITRAMFS);
  folder.write('rootfs.tar', archive({ name: 'init' }));
  const manifest = await inputBundleFromFiles(
    {
      ...PATHS,
      sourceCommit: 'a',
      buildEnvironment: 'b',
      rootfsFormat: undefined,
      operatorRecoveryPath: 'none',
    },
    { cwd: folder.path },
  );
  folder.write('inputs.txt', inputBundle.format(manifest));
});

describe('surveyBuildInputs', () => {
  it('nothing is missing where every input is there and recorded', async () => {
    const found = await survey();
    expect(found).toMatchObject({ manifestValid: true, missing: [] });
    expect(Object.values(found.present).every(Boolean)).toBe(true);
  });

  it('every input is listed as missing where nothing is there', async () => {
    const found = await surveyBuildInputs(PATHS, { cwd: folder.at('nowhere') });
    expect(Object.values(found.present).some(Boolean)).toBe(false);
    expect(found.manifestValid).toBe(false);
    expect(found.missing).toHaveLength(4);
  });

  it('the survey says why a manifest does not hold', async () => {
    folder.write('kernel', 'another');
    expect(await survey()).toMatchObject({
      manifestValid: false,
      missing: [expect.stringMatching(/kernel: expected sha256:\w+, found sha256:\w+/)],
    });
    folder.write('inputs.txt', 'no manifest\n');
    expect((await survey()).missing[0]).toMatch(/title: expected/);
  });

  it('the survey looks into inputs that no manifest records', async () => {
    rmSync(folder.at('inputs.txt'));
    folder.write('kernel', INITRAMFS);
    folder.write('initramfs.img', KERNEL);
    expect((await survey()).missing.slice(1)).toEqual([
      'kernel: found a cpio archive, expected a kernel (Linux, EFI or Multiboot); name it as an initramfs',
      'initramfs.img: found a Linux kernel, expected an initramfs (cpio, or cpio compressed); name it as a kernel',
    ]);
  });

  it('the survey says when a manifest is about other files', async () => {
    folder.write('other', KERNEL);
    const found = await survey({ kernel: 'other' });
    expect(found.manifestValid).toBe(true);
    expect(found.missing).toEqual([`inputs.txt: records ${folder.at('kernel')}, not ${folder.at('other')}`]);
    symlinkSync('kernel', folder.at('same'));
    expect((await survey({ kernel: 'same' })).missing).toEqual([]);
  });

  it('a folder is no input, and a file is no output folder', async () => {
    const found = await survey({ rootfs: '.', outputDir: 'kernel' });
    expect(found.present).toMatchObject({ rootfs: false, outputDir: false });
    expect(found.missing[0]).toMatch(/is a folder, expected a regular file/);
  });

  it('an error while reading is not reported as a missing input', async () => {
    const failing = () => Promise.reject(new HeldFileError('io', 'kernel', 'bad sector'));
    await expect(surveyBuildInputs(PATHS, { cwd: folder.path, inspect: failing })).rejects.toThrow(
      'bad sector',
    );
    writeFileSync(folder.at('inputs.txt'), '');
    await expect(surveyBuildInputs(PATHS, { cwd: folder.path, inspect: failing })).resolves.toMatchObject({
      manifestValid: false,
    });
  });
});
