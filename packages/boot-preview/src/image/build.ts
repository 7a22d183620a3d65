// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import {
  type BuildSurroundings,
  findGrub,
  isOwnPart,
  PREBUILT_PARTS,
  readKernel,
  seedKernel,
} from '@latticra/boot-seed';
import { layoutChunks } from '@latticra/disk-image';
import { formatDocument } from '@latticra/evidence-format';
import { type Content, type Measurement, stageFolder, writeFileAtomic } from '@latticra/held-files';
import { bootArtifactManifestDocument } from '../artifact/format.js';
import { loadBootArtifactManifest } from '../artifact/load.js';
import type { RecordedFile } from '../artifact/schema.js';
import { artifactId, validateBootArtifacts } from '../artifact/validate.js';
import { type BootPreviewProfile, type ProfileName, profileNamed } from '../profile.js';
import { freshBuildId } from './build-id.js';
import { buildProfileGrub } from './grub.js';
import { imageFileNames } from './names.js';
import { recoveryText, rollbackText } from './recovery.js';
import { imageSbom } from './sbom.js';

/** Which image to build, and where. Paths as the operator names them. */
export interface ImageBuildRequest {
  readonly profile: ProfileName;
  /** New or empty. */
  readonly outputDir: string;
  /** A build of the boot seed's kernel to use instead of the one that ships. */
  readonly kernel?: string;
  /** What the kernel reports; one that nobody has used before unless given. */
  readonly buildId?: string;
  /** Every date in the image, in seconds since 1970. */
  readonly epoch: number;
  /** Of the program that builds, for the SBOM. */
  readonly toolVersion: string;
}

/** The outside. */
export interface ImageBuildSurroundings extends BuildSurroundings {
  readonly cwd: string;
  /** Called with the number of bytes of the image that each step wrote. */
  readonly onBytes?: (count: number) => void;
}

/** An image that was built. */
export interface ImageBuild {
  readonly profile: BootPreviewProfile;
  readonly buildId: string;
  readonly epoch: number;
  readonly grubVersion: string;
  /** As it was asked for. */
  readonly outputDir: string;
  /** Names in that folder, and digests. */
  readonly image: RecordedFile;
  readonly kernel: RecordedFile;
  readonly grubConfig: RecordedFile;
  readonly sbom: RecordedFile;
  readonly manifest: RecordedFile;
}

/**
 * Builds the image of a profile: GRUB, and the boot seed's kernel, which it starts. Beside it lie the kernel, GRUB's
 * configuration, an SBOM, recovery and rollback, and the boot artifact manifest that names them all, which has been
 * validated against them. The folder appears whole or not at all; for one build id, epoch and GRUB its bytes are the
 * same everywhere.
 * @throws ToolchainError for a tool that is missing; BootSeedError, HeldFileError
 */
export async function buildProfileImage(
  request: ImageBuildRequest,
  { cwd, onBytes, ...outside }: ImageBuildSurroundings,
): Promise<ImageBuild> {
  const { epoch, buildId = freshBuildId() } = request;
  const profile = profileNamed(request.profile);
  const kernel =
    request.kernel === undefined
      ? seedKernel(PREBUILT_PARTS.kernel, buildId)
      : await readKernel(resolve(cwd, request.kernel), buildId);
  const tools = await findGrub(outside);
  const grub = await buildProfileGrub(profile, { kernel: kernel.bytes, epoch, tools, outside });
  const names = imageFileNames(profile.name, profile.artifactFormat);
  return stageFolder(resolve(cwd, request.outputDir), async (folder) => {
    const write = (name: string, content: Content) =>
      writeFileAtomic(join(folder, name), content, { sha1: true });
    const built = async (name: string, content: Content) => ({
      name,
      measurement: await write(name, content),
    });
    const image = {
      name: names.image,
      measurement: await writeFileAtomic(join(folder, names.image), layoutChunks(grub.image), {
        sha1: true,
        ...(onBytes !== undefined && { onBytes }),
      }),
    };
    const files = {
      image,
      kernel: await built(names.kernel, kernel.bytes),
      grubConfig: await built(names.grubConfig, grub.config),
    };
    const texts = [
      await built(names.recovery, recoveryText(profile, names.image)),
      await built(names.rollback, rollbackText(profile, names.image)),
    ];
    const { grubVersion } = grub;
    const sbom = await built(
      names.sbom,
      imageSbom({
        profile,
        buildId,
        epoch,
        toolVersion: request.toolVersion,
        grubVersion,
        kernelIsOwn: isOwnPart('kernel', kernel.bytes),
        texts,
        ...files,
      }),
    );
    const manifest = await built(
      names.manifest,
      formatDocument(
        bootArtifactManifestDocument({
          artifactId: artifactId(profile, buildId),
          format: profile.artifactFormat,
          artifact: recorded(files.image),
          targetFirmware: profile.targetFirmware,
          targetBootloader: profile.targetBootloader,
          partitionScheme: profile.partitionScheme,
          biosBootPartitionDeclared: profile.biosBootPartition,
          efiSystemPartitionDeclared: profile.efiSystemPartition,
          grubConfig: recorded(files.grubConfig),
          kernelImage: recorded(files.kernel),
          initramfs: undefined,
          operatorRecoveryPath: names.recovery,
          rollbackOrRecoveryPath: names.rollback,
          sbom: recorded(sbom),
          signature: undefined,
        }),
      ),
    );
    await validateBootArtifacts(await loadBootArtifactManifest(names.manifest, folder));
    return {
      profile,
      buildId,
      epoch,
      grubVersion,
      outputDir: request.outputDir,
      image: recorded(files.image),
      kernel: recorded(files.kernel),
      grubConfig: recorded(files.grubConfig),
      sbom: recorded(sbom),
      manifest: recorded(manifest),
    };
  });
}

function recorded({
  name,
  measurement,
}: {
  readonly name: string;
  readonly measurement: Measurement;
}): RecordedFile {
  return { path: name, sha256: measurement.sha256 };
}
