// SPDX-License-Identifier: Apache-2.0
import type { ImageForm, Inspection } from '@latticra/disk-image/inspect';
import type { Beside, FilePlace, Measurement, MeasureOptions } from '@latticra/held-files';
import { hashesFor } from '@latticra/signature';
import { assertDigest } from '../digest.js';
import { type InspectedFile, inspectFile } from '../inspected.js';
import { both } from './both.js';
import { assertImage } from './content.js';
import type { LoadedArtifactManifest } from './load.js';
import type { ArtifactManifest, ArtifactRecord, VmImageRecord } from './schema.js';
import { verifyArtifact } from './signature.js';
import { type ArtifactSidecars, type ArtifactSurvey, type SurveyOptions, surveyArtifacts } from './survey.js';

/** An artifact that was measured again and found as recorded. */
export interface VerifiedArtifact<Record extends ArtifactRecord = ArtifactRecord> extends ArtifactSidecars {
  readonly record: Record;
  readonly measurement: Measurement;
  /** What it was found to be, through the descriptor that was measured. */
  readonly inspection: Inspection;
}

/** A manifest whose every statement was checked. */
export interface ArtifactValidation extends ArtifactSurvey {
  readonly manifest: ArtifactManifest;
  readonly iso: VerifiedArtifact | undefined;
  readonly vmImage: VerifiedArtifact<VmImageRecord> | undefined;
}

/** Which artifact is being measured. */
export type ArtifactRole = 'iso' | 'vm-image';

/** Where artifacts may lie, by whom they have to be signed, and how they are measured. */
export interface ValidateOptions extends SurveyOptions {
  /**
   * Measures an artifact and looks into it in the place of `inspectFile`, for a caller that copies it in the same pass; by the
   * hashes that its signature asks for. Both artifacts of a manifest are measured at once, one of them in another thread where
   * `aside` says so.
   */
  readonly inspect?: (
    file: FilePlace,
    role: ArtifactRole,
    hashes: Pick<MeasureOptions, 'sha512' | 'signal' | 'aside'>,
  ) => Promise<InspectedFile>;
  /** Ends the measuring, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures everything that a manifest names, looks into it, and compares it with what the manifest says.
 *
 * @example
 * import { loadArtifactManifest, validateArtifacts } from '@latticra/manifest';
 *
 * const { iso, missingForReview } = await validateArtifacts(await loadArtifactManifest('manifest.txt', process.cwd()));
 * console.log(iso?.measurement.sha256, missingForReview);
 *
 * @throws ManifestError `mismatch`, `format`, `outside`, `manifest`
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 * @throws SignatureError, and ManifestError `unsigned`, for an image that is not signed by whom it has to be
 */
export async function validateArtifacts(
  loaded: LoadedArtifactManifest,
  options: ValidateOptions = {},
): Promise<ArtifactValidation> {
  return measureArtifacts(await surveyArtifacts(loaded, options), options);
}

/**
 * Measures the images of a manifest whose other files were checked, each once and both at once, looks into them, and compares them with what
 * it says: the second half of {@link validateArtifacts}.
 * @throws as {@link validateArtifacts}
 */
export async function measureArtifacts(
  survey: ArtifactSurvey,
  {
    inspect = (file, _, hashes) => inspectFile(file, hashes),
    signal,
  }: Pick<ValidateOptions, 'inspect' | 'signal'> = {},
): Promise<ArtifactValidation> {
  const { signers } = survey;
  const { manifest } = survey.loaded;
  const verify = async <Record extends ArtifactRecord>(
    record: Record | undefined,
    sidecars: ArtifactSidecars | undefined,
    role: ArtifactRole,
    format: ImageForm,
    beside: Beside,
  ): Promise<VerifiedArtifact<Record> | undefined> => {
    if (record === undefined || sidecars === undefined) return undefined;
    const { place, resolvedPath, signatureFile } = sidecars;
    const { measurement, inspection } = await inspect(place, role, {
      ...hashesFor(signatureFile),
      ...beside,
    });
    assertDigest(resolvedPath, record.sha256, measurement);
    assertImage(resolvedPath, inspection, format);
    const found = { record, measurement, inspection, ...sidecars };
    if (signers === undefined || signatureFile === undefined) return found;
    const verified = verifyArtifact(signatureFile, measurement, signers);
    return { ...found, verified, signatureStatus: 'verified' };
  };
  const [iso, vmImage] = await both(
    (beside) => verify(manifest.iso, survey.iso, 'iso', 'iso', beside),
    (beside) =>
      verify(manifest.vmImage, survey.vmImage, 'vm-image', manifest.vmImage?.format ?? 'raw', beside),
    { signal, isAlone: manifest.iso === undefined || manifest.vmImage === undefined },
  );
  return { ...survey, manifest, iso, vmImage };
}
