// SPDX-License-Identifier: Apache-2.0
import { type LinuxKernelFile, ownParts } from '@latticra/linux-image';
import { IMAGE_FORMATS } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import type { BuildRecord } from '../record/schema.js';
import type { PlannedBoot } from './boot.js';
import type { Sum, WrittenImages } from './documents.js';
import type { HeldInput, HeldInputs } from './inputs.js';
import type { BuildOptions } from './options.js';
import type { BuiltRoot } from './root.js';
import { warningsOf } from './warnings.js';

/** A release that was written, but for its record. */
export interface Recorded {
  readonly options: BuildOptions;
  readonly inputs: HeldInputs;
  readonly kernelFile: LinuxKernelFile;
  readonly boot: PlannedBoot;
  readonly root: BuiltRoot | undefined;
  readonly initramfsSha256: string;
  readonly signedSha256: string | undefined;
  readonly appendedSha256: string | undefined;
  readonly images: WrittenImages;
  readonly uki: Sum;
  readonly sbom: Sum;
  readonly manifest: Sum;
  readonly recovery: Sum | undefined;
}

const file = (name: string, { size, sha256 }: Sum) => ({ path: name, size, sha256 });

/** Says what a release was built from, how, and what came of it. */
export function recordOf(built: Recorded): BuildRecord {
  const { options, inputs, kernelFile, root, boot, images } = built;
  const own = ownParts();
  return {
    tool: options.tool,
    epoch: options.epoch,
    buildId: options.buildId,
    artifactVersion: options.artifactVersion,
    sourceCommit: options.sourceCommit,
    sourceTag: options.sourceTag,
    sourceTagObject: options.sourceTagObject,
    buildEnvironment: options.buildEnvironment,
    recoveryPath: options.operatorRecoveryPath,
    recoverySha256: built.recovery?.sha256,
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
    warnings: warningsOf(inputs.initramfs.source, root),
  };
}

function rootRecord(
  { plan, sha256, rootHash, archiveSha256, format }: BuiltRoot,
  { input, source }: HeldInput,
) {
  return {
    path: input.path,
    format,
    size: source.size,
    sha256: archiveSha256,
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
