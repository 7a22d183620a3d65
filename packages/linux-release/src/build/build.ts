// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type Layout, layoutChunks, sumOf } from '@latticra/disk-image';
import { requireInitramfs, requireKind, requireTar } from '@latticra/disk-image/inspect';
import { formatChecksumLine } from '@latticra/evidence-format';
import { stageFolder, writeFileAtomic } from '@latticra/held-files';
import { type Digests, withDigests } from '@latticra/held-files/digest';
import { type LinuxKernelFile, readLinuxKernel } from '@latticra/linux-image';
import { NAMESPACES } from '@latticra/signature';
import { LinuxReleaseError } from '../error.js';
import { IMAGE_FORMATS } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import { type BuildRecord, buildRecord } from '../record/schema.js';
import { planBoot } from './boot.js';
import { listArtifacts, releaseManifest, releaseSbom } from './documents.js';
import { imageLayout } from './image.js';
import { writeImages } from './images.js';
import { assertExpected, type HeldInput, type HeldInputs, holdInputs, lookInto } from './inputs.js';
import type { BuildInput, BuildOptions } from './options.js';
import { osReleaseText } from './os-release.js';
import { recordOf } from './record.js';
import { type BuildRequest, requested } from './request.js';
import { type BuiltRoot, withRoot } from './root.js';
import { assertRunbook, putRunbook } from './runbook.js';

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
  const put = (name: string, layout: Layout) =>
    track(
      `writing ${name}`,
      (onBytes) => writeFileAtomic(join(folder, name), layoutChunks(layout), { onBytes }),
      layout.size,
    );
  const uki = await put(RELEASE_FILE.uki, boot.planned.layout);
  const formats = IMAGE_FORMATS.filter((format) => options.formats.has(format));
  const layouts = new Map(
    formats.map((format) => [format, imageLayout(format, boot.inImages, root?.source, options)] as const),
  );
  const images = await track(
    'writing the images',
    (onBytes) => writeImages(folder, layouts, root, digests, { onBytes, signal }),
    [...layouts.values()].reduce((sum, { size }) => sum + size, 0),
  );
  for (const format of formats) {
    const [name, image] = [RELEASE_FILE[format], images[format]];
    if (image === undefined) throw new Error(`${name} was not written`);
    await writeFileAtomic(join(folder, `${name}.sha256`), formatChecksumLine(image.sha256, name));
  }
  const recovery = await putRunbook(folder, options);
  const sbom = await writeFileAtomic(
    join(folder, RELEASE_FILE.sbom),
    releaseSbom(options, {
      system: root?.system,
      artifacts: listArtifacts({
        images,
        uki,
        kernel: {
          ...given(inputs.kernel, boot.planned.kernel.sha256),
          release: kernelFile.release,
        },
        initramfs: given(inputs.initramfs, initramfsSha256),
        rootfs: root && inputs.rootfs && given(inputs.rootfs, root.archiveSha256),
      }),
    }),
  );
  const manifest = await writeFileAtomic(
    join(folder, RELEASE_FILE.manifest),
    releaseManifest(options, images, options.operatorRecoveryPath),
  );
  const record = recordOf({
    options,
    inputs,
    kernelFile,
    root,
    boot,
    initramfsSha256,
    signedSha256,
    appendedSha256,
    images,
    uki,
    sbom,
    manifest,
    recovery,
  });
  const recordPath = join(folder, RELEASE_FILE.record);
  await writeFileAtomic(recordPath, buildRecord.format(record));
  await options.signer?.sign(recordPath, NAMESPACES.build);
  return record;
}

const given = ({ input, source }: HeldInput, sha256: string) => ({
  path: input.path,
  size: source.size,
  sha256,
});
