// SPDX-License-Identifier: Apache-2.0
import { requireSignature } from '@latticra/disk-image/inspect';
import { NONE } from '@latticra/evidence-format/define';
import { type FilePlace, pathOf, readStableFile } from '@latticra/held-files';
import { checkSbom, type Finding, MAX_SBOM_BYTES, sbomLists } from '@latticra/sbom/check';
import type { LoadedSigners, SignatureFile, VerifiedSignature } from '@latticra/signature';
import { UNSIGNED_LOCAL } from '../file-path.js';
import { requireFile } from '../inspected.js';
import { type PlaceOptions, placeOf } from '../place.js';
import type { LoadedArtifactManifest } from './load.js';
import { checkRecovery, type RecoveryOutcome } from './recovery.js';
import type { ArtifactRecord } from './schema.js';
import { readForVerification } from './signature.js';

/** How far an artifact's signature can be relied on. */
export type SignatureStatus = 'none' | 'unsigned-local' | 'present-unverified' | 'verified';

/** The sidecar files of an artifact, its signature and its SBOM, as they were found. */
export interface ArtifactSidecars {
  /** The artifact itself, which is not looked into yet. */
  readonly place: FilePlace;
  /** Its absolute path. */
  readonly resolvedPath: string;
  readonly signatureStatus: SignatureStatus;
  /** The signature, where there is one. */
  readonly signature: FilePlace | undefined;
  /** The signature as it was read, where it is to be verified. */
  readonly signatureFile: SignatureFile | undefined;
  /** Whose it is, once the artifact was measured and the signature verified. */
  readonly verified: VerifiedSignature | undefined;
  /** Whether the SBOM is there, obeys SPDX 2.3, and lists an artifact of the recorded digest. */
  readonly sbomValid: boolean;
  /** The SBOM, where there is one. */
  readonly sbom: FilePlace | undefined;
  /** Why the SBOM does not count, where it does not: one line. */
  readonly sbomProblem: string | undefined;
  /** All that is to be said about the SBOM, errors first: at most a hundred of each level. */
  readonly sbomFindings: readonly Finding[];
}

/** All that can be said of a manifest without reading an image. */
export interface ArtifactSurvey extends RecoveryOutcome {
  readonly loaded: LoadedArtifactManifest;
  /** By whom the signatures have to be; undefined where none is to be verified. */
  readonly signers: LoadedSigners | undefined;
  readonly iso: ArtifactSidecars | undefined;
  readonly vmImage: ArtifactSidecars | undefined;
  /** What keeps an operator from reviewing it, one line each; empty when nothing does. */
  readonly missingForReview: readonly string[];
}

/** Where files may lie, and by whom the signatures among them have to be. */
export interface SurveyOptions extends PlaceOptions {
  /** Every image has to have a signature by one of them; without them signatures are looked at, and not verified. */
  readonly signers?: LoadedSigners | undefined;
}

/**
 * Checks everything that a manifest names but its images: signatures, SBOMs and the recovery runbook. What a release lacks
 * is known then before gigabytes are read.
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 * @throws SignatureError for a signature that cannot be read, where signatures are to be verified
 * @throws ManifestError `format` for a signature or runbook that is something else; `unsigned` for an image without a signature,
 *   where signatures are to be verified; `outside` for any file that lies outside of
 *   the manifest's folder, unless that is allowed
 */
export async function surveyArtifacts(
  loaded: LoadedArtifactManifest,
  options: SurveyOptions = {},
): Promise<ArtifactSurvey> {
  const { manifest, folder } = loaded;
  const place = (path: string) => placeOf(folder, path, options);
  const sidecars = async (record: ArtifactRecord | undefined) => {
    if (record === undefined) return undefined;
    const artifact = place(record.path);
    return {
      place: artifact,
      resolvedPath: pathOf(artifact),
      ...(await checkSignature(record, place, options.signers !== undefined)),
      ...(await checkArtifactSbom(record, place)),
    };
  };
  const survey = {
    loaded,
    signers: options.signers,
    ...(await checkRecovery(manifest.operatorRecoveryPath, folder, options)),
    iso: await sidecars(manifest.iso),
    vmImage: await sidecars(manifest.vmImage),
  };
  return { ...survey, missingForReview: missingForReview(survey) };
}

/** Finds a file that the manifest names. */
type Place = (path: string) => FilePlace;

async function checkSignature(
  { path: artifact, signaturePath: path }: ArtifactRecord,
  place: Place,
  isVerified: boolean,
): Promise<Pick<ArtifactSidecars, 'signatureStatus' | 'signature' | 'signatureFile' | 'verified'>> {
  const none = { signatureFile: undefined, verified: undefined };
  if (isVerified) {
    const { signature, signatureFile } = await readForVerification(artifact, path, place);
    return { ...none, signatureStatus: 'present-unverified', signature, signatureFile };
  }
  if (path === NONE || path === UNSIGNED_LOCAL)
    return { ...none, signatureStatus: path, signature: undefined };
  const signature = place(path);
  await requireFile(signature, path, requireSignature);
  return { ...none, signatureStatus: 'present-unverified', signature };
}

type SbomOutcome = Pick<ArtifactSidecars, 'sbomValid' | 'sbom' | 'sbomProblem' | 'sbomFindings'>;

async function checkArtifactSbom(record: ArtifactRecord, place: Place): Promise<SbomOutcome> {
  if (record.sbomPath === NONE)
    return { sbomValid: false, sbom: undefined, sbomProblem: 'there is none', sbomFindings: [] };
  const sbom = place(record.sbomPath);
  const { bytes } = await readStableFile(sbom, { maxBytes: MAX_SBOM_BYTES });
  const { document, findings: sbomFindings } = checkSbom(bytes);
  const outcome = (sbomProblem: string | undefined): SbomOutcome => ({
    sbomValid: sbomProblem === undefined,
    sbom,
    sbomProblem,
    sbomFindings,
  });
  if (document === undefined) {
    const [finding] = sbomFindings;
    return outcome(`${record.sbomPath}:${finding === undefined ? '' : ` ${findingLine(finding)}`}`);
  }
  return outcome(
    sbomLists(document, record.sha256)
      ? undefined
      : `${record.sbomPath} does not list sha256:${record.sha256}`,
  );
}

/** Says in one line what was found in an SBOM, and where. */
export function findingLine({ clause, pointer, message }: Finding): string {
  return `clause ${clause} at ${pointer || 'the top'}: ${message}`;
}

/** Returns whether an artifact that was measured makes a complete set with its SBOM and its signature. */
export function isSetComplete({ sbomValid, signatureStatus }: ArtifactSidecars): boolean {
  return sbomValid && signatureStatus !== NONE;
}

function missingForReview(found: Omit<ArtifactSurvey, 'missingForReview'>): string[] {
  const missing: string[] = [];
  if (found.iso === undefined && found.vmImage === undefined) {
    missing.push('the manifest records neither an ISO nor a VM image');
  }
  for (const [name, artifact] of [
    ['ISO', found.iso],
    ['VM image', found.vmImage],
  ] as const) {
    if (artifact === undefined) continue;
    if (!artifact.sbomValid) missing.push(`SBOM of the ${name}: ${artifact.sbomProblem}`);
    if (artifact.signatureStatus === 'none')
      missing.push(`${name}: no signature, and not declared ${UNSIGNED_LOCAL}`);
  }
  if (!found.recoveryPathPresent) missing.push('no operator recovery path');
  return missing;
}
