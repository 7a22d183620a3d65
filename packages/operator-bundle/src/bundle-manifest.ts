// SPDX-License-Identifier: Apache-2.0
import type { FilePlace } from '@latticra/held-files';
import {
  type ArtifactManifest,
  type ArtifactRecord,
  type ArtifactSurvey,
  type ArtifactValidation,
  inspectFile,
  type VerifiedArtifact,
  type VmImageRecord,
  validateArtifacts,
} from '@latticra/manifest';
import { OperatorBundleError } from './error.js';
import { type ArtifactNames, BUNDLE_FILE, type ByArtifact, signatureName } from './names.js';

/** An artifact that was verified, with its SBOM. */
export type ReadyArtifact<Record extends ArtifactRecord = ArtifactRecord> = VerifiedArtifact<Record> & {
  readonly sbom: FilePlace;
};

/** The artifacts of a release that is ready, at least one of them, as {@link requireReady} finds them. */
export interface ReadyArtifacts {
  readonly iso: ReadyArtifact | undefined;
  readonly vmImage: ReadyArtifact<VmImageRecord> | undefined;
}

/** Makes the error that lists everything that keeps the manifest at `path` from an operator's review. */
export function notReady(path: string, { missingForReview }: ArtifactSurvey): OperatorBundleError {
  return new OperatorBundleError(
    'not-ready',
    `${path}: not ready for an operator's review: ${missingForReview.join('; ')}`,
    { fix: 'complete the release, record it again, and validate the manifest' },
  );
}

/**
 * Returns the artifacts of a manifest that is ready for review, and refuses any other.
 * @param path of the manifest, for the message
 * @throws OperatorBundleError `not-ready`
 */
export function requireReady(path: string, validation: ArtifactValidation): ReadyArtifacts {
  const ready = <Record extends ArtifactRecord>(
    found: VerifiedArtifact<Record> | undefined,
  ): ReadyArtifact<Record> | undefined => {
    if (found === undefined) return undefined;
    if (found.sbom === undefined) throw notReady(path, validation);
    return { ...found, sbom: found.sbom };
  };
  const { iso, vmImage, missingForReview } = validation;
  if (missingForReview.length > 0 || (iso === undefined && vmImage === undefined)) {
    throw notReady(path, validation);
  }
  return { iso: ready(iso), vmImage: ready(vmImage) };
}

/** Returns the manifest as the bundle carries it: every path is the name of a file beside it. */
export function bundleManifest(
  manifest: ArtifactManifest,
  ready: ReadyArtifacts,
  names: ArtifactNames,
  sboms: ByArtifact<string>,
): ArtifactManifest {
  const relocated = <Record extends ArtifactRecord>(
    artifact: ReadyArtifact<Record> | undefined,
    path: string | undefined,
    sbomPath: string | undefined,
  ): Record | undefined => {
    if (artifact === undefined || path === undefined || sbomPath === undefined) return undefined;
    const { record, signature } = artifact;
    return {
      ...record,
      path,
      sbomPath,
      signaturePath: signature === undefined ? record.signaturePath : signatureName(path),
    };
  };
  return {
    ...manifest,
    iso: relocated(ready.iso, names.iso, sboms.iso),
    vmImage: relocated(ready.vmImage, names.vmImage, sboms.vmImage),
    operatorRecoveryPath: BUNDLE_FILE.recovery,
  };
}

/**
 * Validates a staged bundle. In the result the paths of the artifacts are relative to its folder. The artifacts are not
 * read again: they were hashed while they were copied.
 * @throws OperatorBundleError `not-ready`; ManifestError, HeldFileError
 */
export async function validateStaged(
  folder: string,
  manifest: ArtifactManifest,
  ready: ReadyArtifacts,
  signers: ArtifactSurvey['signers'],
): Promise<ArtifactValidation> {
  const validation = await validateArtifacts(
    { path: BUNDLE_FILE.manifest, folder, sha256: '', manifest },
    {
      inspect: async (file, role) => (role === 'iso' ? ready.iso : ready.vmImage) ?? inspectFile(file),
      signers,
    },
  );
  const staged = requireReady(BUNDLE_FILE.manifest, validation);
  return {
    ...validation,
    iso: staged.iso && { ...staged.iso, resolvedPath: staged.iso.record.path },
    vmImage: staged.vmImage && { ...staged.vmImage, resolvedPath: staged.vmImage.record.path },
  };
}
