// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type Measurement, measureFile, readStableFile, withStableFile } from '@latticra/held-files';
import { checkSbom, sbomLists } from '@latticra/sbom';
import { assertDigest } from '../digest.js';
import { assertImageFormat } from './image-format.js';
import type { LoadedArtifactManifest } from './load.js';
import { checkRecovery, type RecoveryOutcome } from './recovery.js';
import {
  type ArtifactManifest,
  type ArtifactRecord,
  NONE,
  UNSIGNED_LOCAL,
  type VmImageRecord,
} from './schema.js';

/** How far an artifact's signature can be relied on. */
export type SignatureStatus = 'none' | 'unsigned-local' | 'present-unverified' | 'verified';

/** An artifact that was measured again and found as recorded. */
export interface VerifiedArtifact<Record extends ArtifactRecord = ArtifactRecord> {
  readonly record: Record;
  /** Absolute path of what was measured. */
  readonly resolvedPath: string;
  readonly measurement: Measurement;
  readonly signatureStatus: SignatureStatus;
  /** Absolute path of the signature, where there is one. */
  readonly signaturePath: string | undefined;
  /** Whether the SBOM is there, obeys SPDX 2.3, and lists this very artifact. */
  readonly sbomValid: boolean;
  /** Absolute path of the SBOM, where there is one. */
  readonly sbomPath: string | undefined;
  /** Why the SBOM does not count, where it does not: one line. */
  readonly sbomProblem: string | undefined;
}

/** A manifest whose every statement was checked. */
export interface ArtifactValidation extends RecoveryOutcome {
  readonly loaded: LoadedArtifactManifest;
  readonly manifest: ArtifactManifest;
  readonly iso: VerifiedArtifact | undefined;
  readonly vmImage: VerifiedArtifact<VmImageRecord> | undefined;
  /** What keeps an operator from reviewing it, one line each; empty when nothing does. */
  readonly missingForReview: readonly string[];
}

/** Which artifact is being measured. */
export type ArtifactRole = 'iso' | 'vm-image';

/** How artifacts are measured. */
export interface ValidateOptions {
  /** Stands in for reading the artifact: whoever copies it anyway sums it on the way. */
  readonly measure?: (path: string, role: ArtifactRole) => Promise<Measurement>;
}

/** An SBOM of a whole distribution is some tens of MiB. */
const MAX_SBOM_BYTES = 256 * 1024 * 1024;

/**
 * Measures everything that a manifest names and compares it with what the manifest says.
 * @throws ManifestError `mismatch`, `format`
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 */
export async function validateArtifacts(
  loaded: LoadedArtifactManifest,
  options: ValidateOptions = {},
): Promise<ArtifactValidation> {
  const { manifest, folder } = loaded;
  const measure = options.measure ?? ((path) => measureFile(path));
  // What is small and quick to refuse comes before gigabytes are read.
  const recovery = await checkRecovery(manifest.operatorRecoveryPath, folder);
  const check = async <Record extends ArtifactRecord>(
    record: Record,
    role: ArtifactRole,
  ): Promise<VerifiedArtifact<Record>> => {
    const signature = await checkSignature(record.signaturePath, folder);
    const sbom = await checkArtifactSbom(record, folder);
    const resolvedPath = resolve(folder, record.path);
    const measurement = await measure(resolvedPath, role);
    assertDigest(resolvedPath, record.sha256, measurement);
    return { record, resolvedPath, measurement, ...signature, ...sbom };
  };
  const iso = manifest.iso === undefined ? undefined : await check(manifest.iso, 'iso');
  const vmImage = manifest.vmImage === undefined ? undefined : await check(manifest.vmImage, 'vm-image');
  if (vmImage) assertImageFormat(vmImage.resolvedPath, vmImage.measurement.head, vmImage.record.format);
  const validation = { loaded, manifest, iso, vmImage, ...recovery };
  return { ...validation, missingForReview: missingForReview(validation) };
}

async function checkSignature(
  path: string,
  folder: string,
): Promise<Pick<VerifiedArtifact, 'signatureStatus' | 'signaturePath'>> {
  if (path === NONE || path === UNSIGNED_LOCAL) return { signatureStatus: path, signaturePath: undefined };
  const signaturePath = resolve(folder, path);
  await withStableFile(signaturePath, () => undefined);
  return { signatureStatus: 'present-unverified', signaturePath };
}

type SbomOutcome = Pick<VerifiedArtifact, 'sbomValid' | 'sbomPath' | 'sbomProblem'>;

async function checkArtifactSbom(record: ArtifactRecord, folder: string): Promise<SbomOutcome> {
  if (record.sbomPath === NONE)
    return { sbomValid: false, sbomPath: undefined, sbomProblem: 'there is none' };
  const sbomPath = resolve(folder, record.sbomPath);
  const { bytes } = await readStableFile(sbomPath, { maxBytes: MAX_SBOM_BYTES });
  const { document, findings } = checkSbom(bytes);
  const finding = findings[0];
  if (document === undefined) {
    const place =
      finding === undefined
        ? ''
        : ` clause ${finding.clause} at ${finding.pointer || 'the top'}: ${finding.message}`;
    return { sbomValid: false, sbomPath, sbomProblem: `${record.sbomPath}:${place}` };
  }
  if (!sbomLists(document, record.sha256)) {
    return {
      sbomValid: false,
      sbomPath,
      sbomProblem: `${record.sbomPath} does not list sha256:${record.sha256}`,
    };
  }
  return { sbomValid: true, sbomPath, sbomProblem: undefined };
}

function missingForReview(found: Omit<ArtifactValidation, 'missingForReview'>): string[] {
  const missing: string[] = [];
  for (const [name, artifact] of [
    ['ISO', found.iso],
    ['VM image', found.vmImage],
  ] as const) {
    if (artifact === undefined) {
      missing.push(`the manifest records no ${name}`);
      continue;
    }
    if (!artifact.sbomValid) missing.push(`SBOM of the ${name}: ${artifact.sbomProblem}`);
    if (artifact.signatureStatus === 'none')
      missing.push(`${name}: no signature, and not declared ${UNSIGNED_LOCAL}`);
  }
  if (!found.recoveryPathPresent) missing.push('no operator recovery path');
  return missing;
}
