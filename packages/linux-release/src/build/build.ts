// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { sumOf } from '@latticra/disk-image';
import { requireInitramfs, requireKind, requireTar } from '@latticra/disk-image/inspect';
import { stageFolder } from '@latticra/held-files';
import { type Digests, withDigests } from '@latticra/held-files/digest';
import { type LinuxKernelFile, readLinuxKernel } from '@latticra/linux-image';
import { NAMESPACES } from '@latticra/signature';
import { LinuxReleaseError } from '../error.js';
import { IMAGE_FORMATS } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import type { BuildRecord } from '../record/schema.js';
import { planBoot } from './boot.js';
import { imageLayout } from './image.js';
import { writeImages } from './images.js';
import { assertExpected, type HeldInputs, holdInputs, lookInto } from './inputs.js';
import type { BuildInput, BuildOptions } from './options.js';
import { osReleaseText } from './os-release.js';
import { type BuildRequest, requested } from './request.js';
import { type BuiltRoot, withRoot } from './root.js';
import { assertRunbook, putRunbook } from './runbook.js';
import { writeDocuments } from './write-documents.js';

/**
 * Builds the release of a Linux system into a folder that appears whole or not at all. The same inputs and options give
 * the same bytes.
 *
 * @example
 * import { buildRelease } from '@latticra/linux-release';
 *
 * const { iso } = await buildRelease({
 *   kernel: { path: 'vmlinuz' },
 *   initramfs: { path: 'initrd.img' },
 *   rootfs: { path: 'rootfs.tar' },
 *   outputDir: 'release',
 *   artifactVersion: '1.0',
 *   buildId: 'nightly.42',
 * });
 * console.log(iso?.path, iso?.sha256);
 *
 * @returns what `os-image-build.txt` in it says
 * @throws LinuxReleaseError, LinuxImageError, SbomError, HeldFileError, ImageError
 */
export async function buildRelease(request: BuildRequest): Promise<BuildRecord> {
  const options = requested(request);
  if ((options.root === 'none') !== (options.rootfs === undefined)) {
    throw new LinuxReleaseError('bad-option', 'a root file system and how it is read go together', {
      fix: 'give --rootfs, or --root none for a system that lives in its initramfs',
    });
  }
  await assertRunbook(options);
  const given = [options.kernel, options.initramfs, options.rootfs, options.signedUki];
  return holdInputs(
    given.filter((input): input is BuildInput => input !== undefined),
    (held) => {
      const of = (input: BuildInput | undefined) => held.find((one) => one.input === input);
      const [kernel, initramfs] = [of(options.kernel), of(options.initramfs)];
      if (kernel === undefined || initramfs === undefined) throw new Error('every input is held');
      const inputs = { kernel, initramfs, rootfs: of(options.rootfs), signedUki: of(options.signedUki) };
      lookInto(kernel, (found) => requireKind(found, ['linux'], 'a kernel of Linux'));
      lookInto(initramfs, requireInitramfs);
      if (inputs.rootfs !== undefined) lookInto(inputs.rootfs, requireTar);
      const kernelFile = readLinuxKernel(kernel.source);
      // What is digested most: the archive, the root and its blocks, and both images.
      const bytes = (inputs.rootfs?.source.size ?? 0) * 5;
      return stageFolder(options.outputDir, (folder) =>
        withDigests({ bytes }, (digests) => fill(folder, inputs, kernelFile, options, digests)),
      );
    },
  );
}

/** Fills the private folder of a build. */
async function fill(
  folder: string,
  inputs: HeldInputs,
  kernelFile: LinuxKernelFile,
  options: BuildOptions,
  digests: Digests,
): Promise<BuildRecord> {
  const { rootfs } = inputs;
  if (rootfs === undefined || options.root === 'none')
    return write(folder, inputs, kernelFile, undefined, options, digests);
  return withRoot(rootfs, kernelFile, options.root, { folder, options, digests }, (root) =>
    write(folder, inputs, kernelFile, root, options, digests),
  );
}

/** Writes everything of a release but its root, which is in the images. */
async function write(
  folder: string,
  inputs: HeldInputs,
  kernelFile: LinuxKernelFile,
  root: BuiltRoot | undefined,
  options: BuildOptions,
  digests: Digests,
): Promise<BuildRecord> {
  const { tracker, signal } = options;
  const track = <T>(label: string, work: (onBytes: (count: number) => void) => Promise<T>, total: number) => {
    signal.throwIfAborted();
    return tracker.track(label, work, total);
  };
  const initramfsSha256 = await track(
    'reading the initramfs',
    (onBytes) => sumOf(inputs.initramfs.source, { onBytes, signal }),
    inputs.initramfs.source.size,
  );
  assertExpected(inputs.initramfs.input, initramfsSha256);
  const boot = planBoot(
    { ...inputs, root, osRelease: osReleaseText(root?.system, kernelFile.release) },
    options,
  );
  assertExpected(inputs.kernel.input, boot.planned.kernel.sha256);
  const quietly = { onBytes: () => undefined, signal };
  const signedSha256 = inputs.signedUki && (await sumOf(inputs.signedUki.source, quietly));
  const appendedSha256 = boot.appended && (await sumOf(boot.appended, quietly));
  const formats = IMAGE_FORMATS.filter((format) => options.formats.has(format));
  const layouts = new Map([
    [RELEASE_FILE.uki, boot.planned.layout],
    ...formats.map(
      (format) => [RELEASE_FILE[format], imageLayout(format, boot.inImages, root?.source, options)] as const,
    ),
  ]);
  const built = {
    options,
    inputs,
    kernelFile,
    root,
    boot,
    initramfsSha256,
    signedSha256,
    appendedSha256,
    recovery: await putRunbook(folder, options),
  };
  const record = await track(
    'writing the images',
    (onBytes) =>
      writeImages(folder, layouts, root, digests, { onBytes, signal }, (sums) =>
        writeDocuments(folder, built, sums),
      ),
    [...layouts.values()].reduce((sum, { size }) => sum + size, 0),
  );
  await options.signer?.sign(join(folder, RELEASE_FILE.record), NAMESPACES.build);
  return record;
}
