// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type Measurement, measureFile } from '@latticra/held-files';
import { assertDigest } from '../digest.js';
import { assertImageFormat } from './image-format.js';
import type { LoadedArtifactManifest } from './load.js';
import type { ArtifactManifest, ArtifactRecord, VmImageRecord } from './schema.js';
import { type ArtifactSidecars, type ArtifactSurvey, surveyArtifacts } from './survey.js';

/** An artifact that was measured again and found as recorded. */
export interface VerifiedArtifact<Record extends ArtifactRecord = ArtifactRecord> extends ArtifactSidecars {
  readonly record: Record;
  /** Absolute path of what was measured. */
  readonly resolvedPath: string;
  readonly measurement: Measurement;
}

/** A manifest whose every statement was checked. */
export interface ArtifactValidation extends ArtifactSurvey {
  readonly manifest: ArtifactManifest;
  readonly iso: VerifiedArtifact | undefined;
  readonly vmImage: VerifiedArtifact<VmImageRecord> | undefined;
}

/** Which artifact is being measured. */
export type ArtifactRole = 'iso' | 'vm-image';

/** How artifacts are measured. */
export interface ValidateOptions {
  /** Measures an artifact in the place of `measureFile`, for a caller that copies it and hashes it in one pass. */
  readonly measure?: (path: string, role: ArtifactRole) => Promise<Measurement>;
}

/**
 * Measures everything that a manifest names and compares it with what the manifest says.
 * @throws ManifestError `mismatch`, `format`
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 */
export async function validateArtifacts(
  loaded: LoadedArtifactManifest,
  options: ValidateOptions = {},
): Promise<ArtifactValidation> {
  return measureArtifacts(await surveyArtifacts(loaded), options);
}

/**
 * Measures the images of a manifest whose other files were checked, each once, and compares them with what it says: the
 * second half of {@link validateArtifacts}.
 * @throws as {@link validateArtifacts}
 */
export async function measureArtifacts(
  survey: ArtifactSurvey,
  { measure = (path) => measureFile(path) }: ValidateOptions = {},
): Promise<ArtifactValidation> {
  const { manifest, folder } = survey.loaded;
  const verify = async <Record extends ArtifactRecord>(
    record: Record | undefined,
    sidecars: ArtifactSidecars | undefined,
    role: ArtifactRole,
  ): Promise<VerifiedArtifact<Record> | undefined> => {
    if (record === undefined || sidecars === undefined) return undefined;
    const resolvedPath = resolve(folder, record.path);
    const measurement = await measure(resolvedPath, role);
    assertDigest(resolvedPath, record.sha256, measurement);
    return { record, resolvedPath, measurement, ...sidecars };
  };
  const iso = await verify(manifest.iso, survey.iso, 'iso');
  const vmImage = await verify(manifest.vmImage, survey.vmImage, 'vm-image');
  if (vmImage) assertImageFormat(vmImage.resolvedPath, vmImage.measurement.head, vmImage.record.format);
  return { ...survey, manifest, iso, vmImage };
}
