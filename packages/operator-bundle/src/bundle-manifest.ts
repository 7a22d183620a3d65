// SPDX-License-Identifier: Apache-2.0
import {
  type ArtifactManifest,
  type ArtifactRecord,
  type ArtifactSurvey,
  type ArtifactValidation,
  type VerifiedArtifact,
  validateArtifacts,
} from '@latticra/manifest';
import { OperatorBundleError } from './error.js';
import { type ArtifactNames, BUNDLE_FILE, signatureName } from './names.js';
import type { SbomNames } from './sboms.js';

/** Both artifacts, verified, with the absolute paths of their SBOMs, as {@link requireReady} finds them. */
export interface ReadyArtifacts {
  readonly iso: NonNullable<ArtifactValidation['iso']>;
  readonly vmImage: NonNullable<ArtifactValidation['vmImage']>;
  readonly isoSbom: string;
  readonly vmSbom: string;
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
 * Returns both artifacts of a manifest that is ready for review, and refuses any other.
 * @param path of the manifest, for the message
 * @throws OperatorBundleError `not-ready`
 */
export function requireReady(path: string, validation: ArtifactValidation): ReadyArtifacts {
  const { iso, vmImage, missingForReview } = validation;
  const isoSbom = iso?.sbomPath;
  const vmSbom = vmImage?.sbomPath;
  if (missingForReview.length === 0 && iso && vmImage && isoSbom !== undefined && vmSbom !== undefined) {
    return { iso, vmImage, isoSbom, vmSbom };
  }
  throw notReady(path, validation);
}

/** Returns the manifest as the bundle carries it: every path is the name of a file beside it. */
export function bundleManifest(
  manifest: ArtifactManifest,
  ready: ReadyArtifacts,
  names: ArtifactNames,
  sboms: SbomNames,
): ArtifactManifest {
  const relocated = <Record extends ArtifactRecord>(
    { record, signaturePath }: VerifiedArtifact<Record>,
    path: string,
    sbomPath: string,
  ): Record => ({
    ...record,
    path,
    sbomPath,
    signaturePath: signaturePath === undefined ? record.signaturePath : signatureName(path),
  });
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
  { iso, vmImage }: ReadyArtifacts,
): Promise<ArtifactValidation> {
  const validation = await validateArtifacts(
    { path: BUNDLE_FILE.manifest, folder, sha256: '', manifest },
    { inspect: async (_path, role) => (role === 'iso' ? iso : vmImage) },
  );
  const staged = requireReady(BUNDLE_FILE.manifest, validation);
  return {
    ...validation,
    iso: { ...staged.iso, resolvedPath: staged.iso.record.path },
    vmImage: { ...staged.vmImage, resolvedPath: staged.vmImage.record.path },
  };
}
