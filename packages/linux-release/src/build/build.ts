// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteSource, type Layout, layoutChunks } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { formatChecksumLine } from '@latticra/evidence-format';
import { NONE } from '@latticra/evidence-format/define';
import { copyAndSum, type Measurement, stageFolder, writeFileAtomic } from '@latticra/held-files';
import {
  type LinuxKernelFile,
  ownParts,
  planDisk,
  planLinuxIso,
  readLinuxKernel,
} from '@latticra/linux-image';
import { LinuxReleaseError } from '../error.js';
import { type BuildRecord, buildRecord } from '../record/schema.js';
import { type PlannedBoot, planBoot } from './boot.js';
import { listed, releaseManifest, releaseSbom, type WrittenImages } from './documents.js';
import { assertExpected, type HeldInput, holdInputs, sumOf } from './inputs.js';
import { RELEASE_FILE } from './names.js';
import { type BuildInput, type BuildOptions, IMAGE_FORMATS, type ImageFormat } from './options.js';
import { type BuiltRoot, withRoot } from './root.js';
import { warningsOf } from './warnings.js';

const MIB = 1 << 20;

/** The inputs of a build, held open. */
interface HeldInputs {
  readonly kernel: HeldInput;
  readonly initramfs: HeldInput;
  readonly rootfs: HeldInput | undefined;
  readonly signedUki: HeldInput | undefined;
}

/**
 * Builds the release of a Linux system into a folder that appears whole or not at all. The same inputs and options give
 * the same bytes.
 * @returns what `os-image-build.txt` in it says
 * @throws LinuxReleaseError, LinuxImageError, SbomError, HeldFileError, ImageError
 */
export function buildRelease(options: BuildOptions): Promise<BuildRecord> {
  if ((options.root === 'none') !== (options.rootfs === undefined)) {
    throw new LinuxReleaseError('bad-option', 'a root file system and how it is read go together', {
      fix: 'give --rootfs, or --root none for a system that lives in its initramfs',
    });
  }
  const given = [options.kernel, options.initramfs, options.rootfs, options.signedUki];
  return holdInputs(
    given.filter((input): input is BuildInput => input !== undefined),
    (held) => {
      const of = (input: BuildInput | undefined) => held.find((one) => one.input === input);
      const [kernel, initramfs] = [of(options.kernel), of(options.initramfs)];
      if (kernel === undefined || initramfs === undefined) throw new Error('every input is held');
      const inputs = { kernel, initramfs, rootfs: of(options.rootfs), signedUki: of(options.signedUki) };
      const kernelFile = readLinuxKernel(kernel.source);
      return stageFolder(options.outputDir, (folder) => fill(folder, inputs, kernelFile, options));
    },
  );
}

/** Fills the private folder of a build. */
async function fill(
  folder: string,
  inputs: HeldInputs,
  kernelFile: LinuxKernelFile,
  options: BuildOptions,
): Promise<BuildRecord> {
  const { rootfs } = inputs;
  if (rootfs === undefined || options.root === 'none')
    return write(folder, inputs, kernelFile, undefined, options);
  const record = await withRoot(rootfs, kernelFile, options.root, { folder, options }, (root) =>
    write(folder, inputs, kernelFile, root, options),
  );
  await rm(join(folder, 'root.img'));
  return record;
}

/** Writes everything of a release but its root, which is in the images. */
async function write(
  folder: string,
  inputs: HeldInputs,
  kernelFile: LinuxKernelFile,
  root: BuiltRoot | undefined,
  options: BuildOptions,
): Promise<BuildRecord> {
  const { tracker, signal } = options;
  const track = <T>(label: string, work: (onBytes: (count: number) => void) => Promise<T>) => {
    signal.throwIfAborted();
    return tracker.track(label, work);
  };
  const initramfsSha256 = await track('reading the initramfs', (onBytes) =>
    sumOf(inputs.initramfs.source, { onBytes, signal }),
  );
  assertExpected(inputs.initramfs.input, initramfsSha256);
  const boot = planBoot({ ...inputs, kernelFile, root }, options);
  assertExpected(inputs.kernel.input, boot.planned.kernel.sha256);
  const quietly = { onBytes: () => undefined, signal };
  const signedSha256 = inputs.signedUki && (await sumOf(inputs.signedUki.source, quietly));
  const appendedSha256 = boot.appended && (await sumOf(boot.appended, quietly));
  const put = (name: string, layout: Layout) =>
    track(`writing ${name}`, (onBytes) =>
      writeFileAtomic(join(folder, name), layoutChunks(layout), { onBytes }),
    );
  const uki = await put(RELEASE_FILE.uki, boot.planned.layout);
  const images: Partial<Record<ImageFormat, Measurement>> = {};
  for (const format of IMAGE_FORMATS.filter((one) => options.formats.has(one))) {
    const name = RELEASE_FILE[format];
    const image = await put(name, imageLayout(format, boot, root?.source, options));
    await writeFileAtomic(join(folder, `${name}.sha256`), formatChecksumLine(image.sha256, name));
    images[format] = image;
  }
  const recovery = await putRecovery(folder, options);
  const sbom = await writeFileAtomic(
    join(folder, RELEASE_FILE.sbom),
    releaseSbom(options, {
      system: root?.system,
      artifacts: artifactsOf(images, uki, { inputs, kernelFile, boot, root, initramfsSha256 }),
    }),
  );
  const manifest = await writeFileAtomic(
    join(folder, RELEASE_FILE.manifest),
    releaseManifest(options, images, recovery),
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
  });
  await writeFileAtomic(join(folder, RELEASE_FILE.record), buildRecord.format(record));
  return record;
}

/** Plans one image of a release. */
function imageLayout(
  format: ImageFormat,
  { inImages: uki }: PlannedBoot,
  root: ByteSource | undefined,
  { epoch, imageSizeMib }: BuildOptions,
): Layout {
  if (format === 'iso') return planLinuxIso({ uki, root, epoch });
  const disk = planDisk({ uki, root, epoch }, imageSizeMib === undefined ? undefined : imageSizeMib * MIB);
  return format === 'qcow2' ? encodeQcow2(disk) : disk;
}

/** Copies the runbook to the images, and returns what the manifest says of it. */
async function putRecovery(folder: string, { operatorRecoveryPath: path }: BuildOptions): Promise<string> {
  if (path === NONE || /^https:\/\//.test(path)) return path;
  await copyAndSum(path, join(folder, RELEASE_FILE.recovery));
  return RELEASE_FILE.recovery;
}

interface Built {
  readonly inputs: HeldInputs;
  readonly kernelFile: LinuxKernelFile;
  readonly boot: PlannedBoot;
  readonly root: BuiltRoot | undefined;
  readonly initramfsSha256: string;
}

function artifactsOf(
  images: WrittenImages,
  uki: Measurement,
  { inputs, kernelFile, boot, root, initramfsSha256 }: Built,
) {
  const { iso, qcow2, raw } = images;
  const disk = qcow2 ?? raw;
  const base = ({ input }: HeldInput) => input.path.slice(input.path.lastIndexOf('/') + 1);
  const given = (held: HeldInput, sha256: string) => ({ size: held.source.size, sha256 });
  return [
    ...(iso ? [listed('iso', RELEASE_FILE.iso, iso)] : []),
    ...(disk ? [listed('vm-image', qcow2 ? RELEASE_FILE.qcow2 : RELEASE_FILE.raw, disk)] : []),
    listed('efi', RELEASE_FILE.uki, uki),
    listed(
      'kernel',
      base(inputs.kernel),
      given(inputs.kernel, boot.planned.kernel.sha256),
      kernelFile.release,
    ),
    listed('initramfs', base(inputs.initramfs), given(inputs.initramfs, initramfsSha256)),
    ...(root && inputs.rootfs
      ? [listed('rootfs', base(inputs.rootfs), given(inputs.rootfs, root.archiveSha256))]
      : []),
  ];
}

interface Recorded extends Built {
  readonly options: BuildOptions;
  readonly signedSha256: string | undefined;
  readonly appendedSha256: string | undefined;
  readonly images: WrittenImages;
  readonly uki: Measurement;
  readonly sbom: Measurement;
  readonly manifest: Measurement;
}

const file = (name: string, { size, sha256 }: Measurement) => ({ path: name, size, sha256 });

function recordOf(built: Recorded): BuildRecord {
  const { options, inputs, kernelFile, root, boot, images } = built;
  const own = ownParts();
  return {
    tool: options.tool,
    epoch: options.epoch,
    buildId: options.buildId,
    artifactVersion: options.artifactVersion,
    sourceCommit: options.sourceCommit,
    sourceTag: options.sourceTag,
    buildEnvironment: options.buildEnvironment,
    recoveryPath: options.operatorRecoveryPath,
    outputDir: options.shownOutputDir,
    kernel: {
      path: inputs.kernel.input.path,
      sha256: boot.planned.kernel.sha256,
      version: kernelFile.version,
      release: kernelFile.release,
      protocol: kernelFile.protocol,
    },
    initramfs: {
      path: inputs.initramfs.input.path,
      size: inputs.initramfs.source.size,
      sha256: built.initramfsSha256,
      appendedSha256: built.appendedSha256,
      joinedSha256: boot.planned.initrd.sha256,
    },
    rootMode: options.root,
    rootfs: root && inputs.rootfs && rootRecord(root, inputs.rootfs),
    givenCommandLine: options.commandLine === '' ? undefined : options.commandLine,
    commandLine: boot.planned.commandLine,
    stubSha256: own.stub,
    masterBootSha256: own.masterBoot,
    biosLoaderSha256: own.biosLoader,
    helperSha256: own.helper,
    authenticode: boot.planned.authenticode,
    signedUki: { path: inputs.signedUki?.input.path, sha256: built.signedSha256 },
    formats: IMAGE_FORMATS.filter((format) => options.formats.has(format)).join(','),
    imageSizeMib: options.imageSizeMib,
    iso: images.iso && file(RELEASE_FILE.iso, images.iso),
    qcow2: images.qcow2 && file(RELEASE_FILE.qcow2, images.qcow2),
    raw: images.raw && file(RELEASE_FILE.raw, images.raw),
    uki: file(RELEASE_FILE.uki, built.uki),
    sbom: { path: RELEASE_FILE.sbom, sha256: built.sbom.sha256 },
    manifest: { path: RELEASE_FILE.manifest, sha256: built.manifest.sha256 },
    warnings: warningsOf(root),
  };
}

function rootRecord(
  { plan, sha256, rootHash, archiveSha256, format, members }: BuiltRoot,
  { input }: HeldInput,
) {
  return {
    path: input.path,
    format,
    sha256: archiveSha256,
    members,
    image: {
      format: 'erofs' as const,
      size: plan.size,
      sha256,
      inodes: plan.erofs.inodes,
      uuid: plan.uuid,
      verityHash: rootHash,
      veritySalt: plan.verity && Buffer.from(plan.verity.options.salt).toString('hex'),
    },
  };
}
