// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type GrubImage, isOwnPart } from '@latticra/boot-seed';
import { layoutChunks } from '@latticra/disk-image';
import { formatDocument } from '@latticra/evidence-format';
import { type Content, writeFileAtomic } from '@latticra/held-files';
import { type BootArtifactManifest, bootArtifactManifest } from '../artifact/schema.js';
import { artifactId } from '../artifact/validate.js';
import type { RecordedFile } from '../files/recorded.js';
import type { BootPreviewProfile } from '../profile.js';
import { imageFileNames } from './names.js';
import { recoveryText, rollbackText } from './recovery.js';
import { type BuiltFile, imageSbom } from './sbom.js';

/** The contents from which the files of an image build are made. */
export interface ImageContents {
  readonly profile: BootPreviewProfile;
  readonly buildId: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly toolVersion: string;
  readonly kernel: Uint8Array;
  readonly grub: GrubImage;
}

/** The files that an image build wrote: names in the folder, and digests. */
export interface ImageFiles {
  readonly image: RecordedFile;
  readonly kernel: RecordedFile;
  readonly grubConfig: RecordedFile;
  readonly sbom: RecordedFile;
  readonly manifest: RecordedFile;
}

/** Writes an image and the files that belong beside it into `folder`. @throws HeldFileError, SbomError */
export async function writeImageFiles(
  folder: string,
  { kernel, grub, ...build }: ImageContents,
  onBytes?: (count: number) => void,
): Promise<ImageFiles> {
  const { profile } = build;
  const names = imageFileNames(profile.name, profile.artifactFormat);
  const write = async (name: string, content: Content, progress?: typeof onBytes): Promise<BuiltFile> => {
    const options = { sha1: true, ...(progress !== undefined && { onBytes: progress }) };
    return { name, measurement: await writeFileAtomic(join(folder, name), content, options) };
  };
  const files = {
    image: await write(names.image, layoutChunks(grub.image), onBytes),
    kernel: await write(names.kernel, kernel),
    grubConfig: await write(names.grubConfig, grub.config),
  };
  const texts = [
    await write(names.recovery, recoveryText(profile, names.image)),
    await write(names.rollback, rollbackText(profile, names.image)),
  ];
  const kernelIsOwn = isOwnPart('kernel', kernel);
  const { grubVersion } = grub;
  const sbom = await write(names.sbom, imageSbom({ ...build, ...files, texts, grubVersion, kernelIsOwn }));
  const recorded = {
    image: recordedFile(files.image),
    kernel: recordedFile(files.kernel),
    grubConfig: recordedFile(files.grubConfig),
    sbom: recordedFile(sbom),
  };
  const document = bootArtifactManifest.document(manifestOf(profile, build.buildId, recorded));
  return { ...recorded, manifest: recordedFile(await write(names.manifest, formatDocument(document))) };
}

function manifestOf(
  profile: BootPreviewProfile,
  buildId: string,
  { image, kernel, grubConfig, sbom }: Omit<ImageFiles, 'manifest'>,
): BootArtifactManifest {
  const names = imageFileNames(profile.name, profile.artifactFormat);
  return {
    artifactId: artifactId(profile, buildId),
    format: profile.artifactFormat,
    artifact: image,
    targetFirmware: profile.targetFirmware,
    targetBootloader: profile.targetBootloader,
    partitionScheme: profile.partitionScheme,
    biosBootPartitionDeclared: profile.biosBootPartition,
    efiSystemPartitionDeclared: profile.efiSystemPartition,
    grubConfig,
    kernelImage: kernel,
    initramfs: undefined,
    operatorRecoveryPath: names.recovery,
    rollbackOrRecoveryPath: names.rollback,
    sbom,
    signature: undefined,
  };
}

const recordedFile = ({ name, measurement }: BuiltFile): RecordedFile => ({
  path: name,
  sha256: measurement.sha256,
});
