// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, formatDigest } from '@latticra/evidence-format';
import { UNSIGNED_LOCAL } from '@latticra/manifest';
import type { BootArtifactValidation } from '../artifact/validate.js';
import { BOOT_ARTIFACT_MANIFEST_VALIDATION_TITLE } from './boot-artifact-manifest-validation.js';
import type { Guarded } from './no-effect.js';
import { nonEffects } from './non-effects.js';

/** Makes the report on a boot artifact manifest that was validated. It says what the image is, not that it boots. */
export function bootArtifactManifestValidationDocument(
  { manifestPath, manifestSha256, fixture }: Guarded,
  { loaded, profile, buildId }: BootArtifactValidation,
): EvidenceDocument {
  const { manifest } = loaded;
  return {
    title: BOOT_ARTIFACT_MANIFEST_VALIDATION_TITLE,
    fields: fields({
      seabios_grub_boot_preview_boot_artifact_manifest_validation_present: 1,
      boot_artifact_manifest_validation_mode: 'recorded-artifact-check',
      boot_artifact_manifest_validation_decision: 'candidate-for-review-no-claim',
      boot_artifact_manifest_candidate_ready: 1,
      boot_artifact_manifest_present: 1,
      boot_artifact_manifest_path: loaded.path,
      boot_artifact_manifest_sha256: formatDigest(loaded.sha256),
      profile: profile.name,
      artifact_id: manifest.artifactId,
      build_id: buildId,
      artifact_sha256: formatDigest(manifest.artifact.sha256),
      boot_artifact_checksum_recorded: 1,
      boot_artifact_signature_recorded: 0,
      signature_status: manifest.signature === undefined ? UNSIGNED_LOCAL : 'present-unverified',
      sbom_valid: 1,
      partitions_match_image: 1,
      kernel_found_in_image: 1,
      grub_config_found_in_image: 1,
      operator_recovery_path_present: 1,
      bootable_os_ready: 0,
      production_os_claim: 0,
      manifest_path: manifestPath,
      manifest_measurement: formatDigest(manifestSha256),
    }),
    sections: [nonEffects(fixture)],
  };
}
