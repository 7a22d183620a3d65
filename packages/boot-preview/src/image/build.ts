// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type BuildHost, findGrub, PREBUILT_PARTS, readKernel, seedKernel } from '@latticra/boot-seed';
import { stageFolder } from '@latticra/held-files';
import { loadBootArtifactManifest } from '../artifact/load.js';
import { validateBootArtifacts } from '../artifact/validate.js';
import { type BootPreviewProfile, type ProfileName, profileNamed } from '../profile.js';
import { freshBuildId } from './build-id.js';
import { buildProfileGrub } from './grub.js';
import { type ImageFiles, writeImageFiles } from './write.js';

/** Which image to build, and where. Paths as the operator names them. */
export interface ImageBuildRequest {
  readonly profile: ProfileName;
  /** New or empty. */
  readonly outputDir: string;
  /** A build of the boot seed's kernel to use instead of the one that ships. */
  readonly kernel?: string;
  /** The build id that the kernel reports; a fresh one unless given. */
  readonly buildId?: string;
  /** Every date in the image, in seconds since 1970. */
  readonly epoch: number;
  /** The version of the program that builds, for the SBOM. */
  readonly toolVersion: string;
}

/** What an image build is given of the machine that it runs on. */
export interface ImageBuildHost extends BuildHost {
  readonly cwd: string;
  /** Receives the number of bytes of the image that each step wrote. */
  readonly onBytes?: (count: number) => void;
}

/** An image that was built. */
export interface ImageBuild extends ImageFiles {
  readonly profile: BootPreviewProfile;
  readonly buildId: string;
  readonly epoch: number;
  readonly grubVersion: string;
  /** As it was asked for. */
  readonly outputDir: string;
}

/**
 * Builds the image of a profile, in which GRUB starts the boot seed's kernel, and beside it the kernel, GRUB's
 * configuration, an SBOM, recovery and rollback texts, and a boot artifact manifest of them all, which is validated. The
 * folder appears whole or not at all; for one build id, epoch and GRUB its bytes are the same everywhere.
 * @throws ToolchainError for a tool that is missing; BootSeedError, HeldFileError
 */
export async function buildProfileImage(
  request: ImageBuildRequest,
  { cwd, onBytes, ...host }: ImageBuildHost,
): Promise<ImageBuild> {
  const { epoch, outputDir, toolVersion, buildId = freshBuildId() } = request;
  const profile = profileNamed(request.profile);
  const { bytes: kernel } =
    request.kernel === undefined
      ? seedKernel(PREBUILT_PARTS.kernel, buildId)
      : await readKernel(resolve(cwd, request.kernel), buildId);
  const tools = await findGrub(host);
  return stageFolder(resolve(cwd, outputDir), async (folder) => {
    const grub = await buildProfileGrub(profile, { kernel, epoch, tools, host });
    const contents = { profile, buildId, epoch, toolVersion, kernel, grub };
    const files = await writeImageFiles(folder, contents, onBytes);
    await validateBootArtifacts(await loadBootArtifactManifest(files.manifest.path, folder));
    return { profile, buildId, epoch, grubVersion: grub.grubVersion, outputDir, ...files };
  });
}
