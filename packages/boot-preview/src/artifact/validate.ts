// SPDX-License-Identifier: Apache-2.0
import { readBuildId } from '@latticra/boot-seed';
import { bytesSource } from '@latticra/disk-image';
import { requireImage, requireInitramfs, requireSignature, requireText } from '@latticra/disk-image/inspect';
import { measureHeld } from '@latticra/held-files/anchor';
import { checkSbom, MAX_SBOM_BYTES, sbomLists } from '@latticra/sbom/check';
import { type BootPreviewErrorCode, refusal } from '../error.js';
import { assertDigest, checkFile, readRecorded } from '../files/check.js';
import { type HeldPlace, holdFile, holdPlace } from '../files/inside.js';
import { heldSource } from '../files/source.js';
import { sumBytes } from '../files/sum.js';
import type { BootPreviewProfile } from '../profile.js';
import { type BootImageContents, readBootImage } from './image.js';
import type { LoadedBootArtifactManifest } from './load.js';
import { checkContent, readContent, requireContent } from './look.js';
import { manifestProfile } from './profile.js';
import type { BootArtifactManifest } from './schema.js';

/** What the files that a manifest names were found to be: an image of that profile and build. */
export interface BootArtifacts {
  readonly profile: BootPreviewProfile;
  /** Of the seed's kernel in the image, or on the command line with which GRUB starts a Linux. */
  readonly buildId: string;
  /** Whether the image holds the boot seed or a Linux. */
  readonly system: 'seed' | 'linux';
}

/** A boot artifact manifest whose every statement was checked. */
export interface BootArtifactValidation extends BootArtifacts {
  readonly loaded: LoadedBootArtifactManifest;
}

export interface BootArtifactValidationOptions {
  /** Receives the number of bytes of the image that each step has read. */
  readonly onBytes?: (count: number) => void;
  /** The code for an image of another digest; `mismatch` unless given. */
  readonly otherImage?: BootPreviewErrorCode;
}

/**
 * Validates a boot artifact manifest: every file has the recorded digest and is what it is named as, the image has the format and partitions of its
 * profile, and the kernel and GRUB's configuration in it are the files beside it.
 * @throws BootPreviewError `mismatch`, `bad-image`, `path-escape`; HeldFileError
 */
export function validateBootArtifacts(
  loaded: LoadedBootArtifactManifest,
  options: BootArtifactValidationOptions = {},
): Promise<BootArtifactValidation> {
  return holdPlace(loaded, async (place) => ({
    loaded,
    ...(await validateHeldArtifacts(place, loaded.manifest, options)),
  }));
}

/**
 * Validates, in the same way, a manifest whose folder is held.
 * @throws as {@link validateBootArtifacts}
 */
export async function validateHeldArtifacts(
  place: HeldPlace,
  manifest: BootArtifactManifest,
  { onBytes, otherImage = 'mismatch' }: BootArtifactValidationOptions,
): Promise<BootArtifacts> {
  const profile = manifestProfile(place, manifest);
  await checkFile(place, 'grub_config', manifest.grubConfig);
  // What it is shows below: it has to be the kernel in the image.
  await checkFile(place, 'kernel_image', manifest.kernelImage);
  if (manifest.initramfs !== undefined) {
    await checkContent(place, 'initramfs', manifest.initramfs, requireInitramfs);
  }
  if (manifest.signature !== undefined) {
    await checkContent(place, 'signature', manifest.signature, requireSignature);
  }
  await checkSbomOf(place, manifest);
  const contents = await holdFile(place, 'artifact_path', manifest.artifact.path, async (image) => {
    const { sha256 } = await measureHeld(image, onBytes === undefined ? {} : { onBytes });
    assertDigest(place, 'artifact_sha256', manifest.artifact.sha256, sha256, otherImage);
    const source = heldSource(image);
    requireContent(place, 'artifact_path', source, (inspection) => requireImage(inspection, manifest.format));
    const found = readContent(place, 'artifact_path', () => readBootImage(source, profile));
    image.assertUnchanged();
    return found;
  });
  return { profile, ...assertContents(place, manifest, contents, profile) };
}

/**
 * Refuses an SBOM that breaks SPDX, or does not list every file that has a digest here and both recovery texts, which have
 * to be text.
 */
async function checkSbomOf(place: HeldPlace, manifest: BootArtifactManifest): Promise<void> {
  const sbom = await readRecorded(place, 'sbom', manifest.sbom, { maxBytes: MAX_SBOM_BYTES });
  const { document, findings } = checkSbom(sbom);
  if (document === undefined) {
    const [finding] = findings;
    const what = `clause ${finding?.clause} at ${finding?.pointer || 'the top'}: ${finding?.message}`;
    throw refusal('mismatch', place.path, 'sbom_path', what);
  }
  const listed = async (field: string, file: string) => {
    const bytes = await holdFile(place, field, file, (text) => text.bytes(MAX_TEXT_BYTES));
    const sha256 = sumBytes(bytes);
    if (!sbomLists(document, sha256)) throw unlisted(place, field, sha256);
    requireContent(place, field, bytesSource(bytes), requireText);
  };
  await listed('operator_recovery_path', manifest.operatorRecoveryPath);
  await listed('rollback_or_recovery_path', manifest.rollbackOrRecoveryPath);
  for (const [field, recorded] of [
    ['artifact_sha256', manifest.artifact],
    ['kernel_image_sha256', manifest.kernelImage],
    ['grub_config_sha256', manifest.grubConfig],
    ['initramfs_sha256', manifest.initramfs],
  ] as const) {
    if (recorded !== undefined && !sbomLists(document, recorded.sha256)) {
      throw unlisted(place, field, recorded.sha256);
    }
  }
}

/** The limit of a recovery text: more than anybody reads while a machine does not start. */
const MAX_TEXT_BYTES = 1 << 20;

const unlisted = ({ path }: HeldPlace, field: string, sha256: string) =>
  refusal('mismatch', path, field, `the SBOM does not list sha256:${sha256}`);

/** Refuses an image that does not hold the kernel and configuration of its manifest; returns the build id. */
function assertContents(
  place: HeldPlace,
  manifest: BootArtifactManifest,
  { kernel, grubConfig, initramfs, linuxBuildId }: BootImageContents,
  profile: BootPreviewProfile,
): Pick<BootArtifacts, 'buildId' | 'system'> {
  for (const [field, bytes, recorded] of [
    ['kernel_image_sha256', kernel, manifest.kernelImage],
    ['grub_config_sha256', grubConfig, manifest.grubConfig],
  ] as const) {
    if (sumBytes(bytes) !== recorded.sha256) {
      throw refusal('mismatch', place.path, field, `the image holds sha256:${sumBytes(bytes)}`);
    }
  }
  const initramfsSum = initramfs && sumBytes(initramfs);
  if (linuxBuildId !== undefined && initramfsSum !== manifest.initramfs?.sha256) {
    const holds = initramfsSum === undefined ? 'no initramfs' : `sha256:${initramfsSum}`;
    throw refusal('mismatch', place.path, 'initramfs_sha256', `GRUB starts the image's kernel with ${holds}`);
  }
  const buildId = linuxBuildId ?? readBuildId(kernel);
  if (buildId === undefined) {
    throw refusal('bad-image', place.path, 'kernel_image_path', 'the kernel carries no build id');
  }
  const expected = artifactId(profile, buildId);
  if (manifest.artifactId !== expected) {
    throw refusal(
      'mismatch',
      place.path,
      'artifact_id',
      `expected ${expected}, found ${manifest.artifactId}`,
    );
  }
  return { buildId, system: linuxBuildId === undefined ? 'seed' : 'linux' };
}

/** Returns the name of an image, `<profile>.<build id>`. */
export function artifactId(profile: BootPreviewProfile, buildId: string): string {
  return `${profile.name}.${buildId}`;
}
