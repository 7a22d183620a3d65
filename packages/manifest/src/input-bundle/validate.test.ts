// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { measureOpen, pathOf } from '@latticra/held-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INITRAMFS, KERNEL } from '../../../../tools/testing/images.js';
import { archive } from '../../../tar/test/archive.js';
import { inspectFile } from '../inspected.js';
import { inputBundleFromFiles } from './from-files.js';
import { loadInputBundle } from './load.js';
import { inputBundle } from './schema.js';
import { validateInputBundle } from './validate.js';

let folder: string;
const path = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'input-bundle-'));
  await writeFile(path('kernel'), KERNEL);
  await writeFile(path('initramfs.img'), INITRAMFS);
  await writeFile(
    path('rootfs'),
    gzipSync(archive({ name: 'init', content: 'init' }, { name: 'etc/', type: '5' })),
  );
  await writeFile(path('recovery.md'), 'turn it off');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const FILES = {
  sourceCommit: '0123abc',
  buildEnvironment: 'test',
  kernel: 'kernel',
  initramfs: 'initramfs.img',
  rootfs: 'rootfs',
  rootfsFormat: undefined,
  operatorRecoveryPath: 'recovery.md',
};

/** Records the files and writes the manifest, with `change` made to its text. */
async function record(change: (text: string) => string = (text) => text): Promise<void> {
  const manifest = await inputBundleFromFiles(FILES, { cwd: folder });
  await writeFile(path('input-bundle.txt'), change(inputBundle.format(manifest)));
}

const validate = async () => validateInputBundle(await loadInputBundle('input-bundle.txt', folder));

describe('inputBundleFromFiles and validateInputBundle', () => {
  it('the validation finds what was recorded, by absolute paths', async () => {
    await record();
    const { loaded, kernel, initramfs, rootfs, recoveryPathPresent, recovery } = await validate();
    expect(loaded.manifest.rootfs).toMatchObject({ path: path('rootfs'), format: 'tar.gz' });
    expect([kernel.resolvedPath, initramfs.resolvedPath]).toEqual([path('kernel'), path('initramfs.img')]);
    expect(rootfs.measurement.sha256).toBe(loaded.manifest.rootfs.sha256);
    expect(rootfs.members).toBe(2);
    expect([recoveryPathPresent, recovery && pathOf(recovery)]).toEqual([true, path('recovery.md')]);
  });

  it('relative paths are found from the folder of the manifest', async () => {
    await mkdir(path('sub'));
    const manifest = await inputBundleFromFiles({ ...FILES, relativeTo: 'sub' }, { cwd: folder });
    expect(manifest.kernel.path).toBe('../kernel');
    expect(manifest.operatorRecoveryPath).toBe('../recovery.md');
    await writeFile(path('sub/input-bundle.txt'), inputBundle.format(manifest));
    const loaded = await loadInputBundle('sub/input-bundle.txt', folder);
    const found = await validateInputBundle(loaded, { allowOutside: true });
    expect(found.kernel.resolvedPath).toBe(path('kernel'));
    await expect(validateInputBundle(loaded)).rejects.toMatchObject({ code: 'outside', kind: 'data' });
  });

  it('a file called none is told from no file', async () => {
    await writeFile(path('none'), KERNEL);
    const files = { ...FILES, kernel: 'none', relativeTo: '.' };
    expect((await inputBundleFromFiles(files, { cwd: folder })).kernel.path).toBe('./none');
  });

  it('the validation reads each file once', async () => {
    await record();
    const read: string[] = [];
    await validateInputBundle(await loadInputBundle('input-bundle.txt', folder), {
      measure: (file, options) => {
        read.push(file.path);
        return measureOpen(file, options);
      },
      inspect: (file, options) => {
        read.push(pathOf(file));
        return inspectFile(file, options);
      },
    });
    expect(read).toEqual([path('kernel'), path('initramfs.img'), path('rootfs')]);
  });

  it.each(['kernel', 'initramfs.img', 'rootfs'])('a %s that was changed is refused', async (name) => {
    await record();
    const bytes = await readFile(path(name));
    await writeFile(path(name), Buffer.concat([bytes, Buffer.alloc(4)]));
    await expect(validate()).rejects.toMatchObject({ code: 'mismatch', kind: 'data' });
  });

  it.each(['kernel', 'initramfs.img', 'rootfs', 'recovery.md'])(
    'a %s that is gone, or is a folder, is refused',
    async (name) => {
      await record();
      await rm(path(name));
      await expect(validate()).rejects.toMatchObject({ code: 'not-found', kind: 'input-missing' });
      await expect(inputBundleFromFiles(FILES, { cwd: folder })).rejects.toMatchObject({ code: 'not-found' });
      await mkdir(path(name));
      await expect(validate()).rejects.toMatchObject({ code: 'not-regular', kind: 'data' });
    },
  );

  it.each([
    ['kernel', 'text', 'hello', 'found text, expected a kernel', undefined],
    ['kernel', 'nothing', '', 'found an empty file, expected a kernel', 'name the file that was meant'],
    [
      'kernel',
      'an initramfs',
      INITRAMFS,
      'found a cpio archive, expected a kernel',
      'name it as an initramfs',
    ],
    ['initramfs.img', 'text', 'hello', 'found text, expected an initramfs', undefined],
    ['initramfs.img', 'nothing', '', 'found an empty file, expected an initramfs', 'name the file'],
    ['initramfs.img', 'a kernel', KERNEL, 'found a Linux kernel, expected an init', 'name it as a kernel'],
    ['recovery.md', 'nothing', '', 'found an empty file, expected text', undefined],
  ])('a %s that is %s is refused, by what was found', async (name, _, content, found, fix) => {
    await record();
    await writeFile(path(name), content);
    const refused = {
      code: 'format',
      kind: 'data',
      message: expect.stringContaining(`${name}: ${found}`),
      ...(fix !== undefined && { fix: expect.stringContaining(fix) }),
    };
    await expect(inputBundleFromFiles(FILES, { cwd: folder })).rejects.toMatchObject(refused);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const key = { kernel: 'kernel_image', 'initramfs.img': 'initramfs' }[name] ?? 'none';
    const manifest = await readFile(path('input-bundle.txt'), 'utf8');
    const recorded = manifest.replace(new RegExp(`^(${key}_input_sha256=sha256:).*$`, 'm'), `$1${sha256}`);
    await writeFile(path('input-bundle.txt'), recorded);
    await expect(validate()).rejects.toMatchObject(refused);
  });

  it('a rootfs of another format than recorded or declared is refused', async () => {
    await record((text) => text.replace('rootfs_input_format=tar.gz', 'rootfs_input_format=tar'));
    await expect(validate()).rejects.toMatchObject({ code: 'format', kind: 'data' });
    await expect(
      inputBundleFromFiles({ ...FILES, rootfsFormat: 'tar' }, { cwd: folder }),
    ).rejects.toMatchObject({ code: 'format', kind: 'data' });
  });

  it('a rootfs that would not unpack is not recorded', async () => {
    await writeFile(path('rootfs'), archive({ name: '/etc/shadow' }));
    await expect(inputBundleFromFiles(FILES, { cwd: folder })).rejects.toMatchObject({
      code: 'archive',
      message: expect.stringContaining('"/etc/shadow"'),
    });
  });

  it.each([
    ['none', false],
    ['https://example.org/recovery', true],
  ])('the recovery path may be %s', async (operatorRecoveryPath, present) => {
    const manifest = await inputBundleFromFiles({ ...FILES, operatorRecoveryPath }, { cwd: folder });
    expect(manifest.operatorRecoveryPath).toBe(operatorRecoveryPath);
    await writeFile(path('input-bundle.txt'), inputBundle.format(manifest));
    expect(await validate()).toMatchObject({ recoveryPathPresent: present, recovery: undefined });
  });
});
