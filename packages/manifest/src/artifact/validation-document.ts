// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  flag,
  READINESS_CLAIMS,
  type Section,
} from '@latticra/evidence-format';
import type { ReleaseFixture } from '../fixture/release.js';
import { missingSections } from '../missing.js';
import { isoSection, numbered, vmImageSection } from './image-section.js';
import { signatureSections, signersSections } from './signature.js';
import { findingLine, isSetComplete } from './survey.js';
import type { ArtifactValidation, VerifiedArtifact } from './validate.js';

const TITLE = 'LATTICRA OS IMAGE ARTIFACT MANIFEST VALIDATION';

/**
 * Makes the report on a manifest that was checked.
 * @param evidence sections on boots of the artifacts, where somebody verified any
 */
export function validationDocument(
  manifestPath: string,
  validation: ArtifactValidation,
  evidence: readonly Section[] = [],
): EvidenceDocument {
  const { iso, vmImage } = validation;
  const artifact = (found: VerifiedArtifact | undefined, present: string, prefix: string) => ({
    [present]: flag(found !== undefined),
    [`${prefix}_checksum_verified_by_validator`]: flag(found !== undefined),
    ...(found === undefined ? {} : { [`${prefix}_resolved_path`]: found.resolvedPath }),
  });
  return {
    title: TITLE,
    fields: fields({
      validation_status: 'ok',
      latticra_os_image_artifact_manifest_validation_present: 1,
      validation_mode: 'no-effect-artifact-manifest-candidate-check',
      validation_decision: 'metadata-consistency-only-no-readiness-promotion',
      manifest_path: manifestPath,
      artifact_manifest_path: validation.loaded.path,
      artifact_manifest_candidate_supplied: 1,
      artifact_manifest_metadata_consistent: 1,
      artifact_manifest_ready_for_operator_review: flag(validation.missingForReview.length === 0),
      ...artifact(iso, 'iso_artifact_present', 'iso'),
      ...artifact(vmImage, 'vm_image_artifact_present', 'vm_image'),
      iso_sbom_valid: flag(iso?.sbomValid === true),
      vm_sbom_valid: flag(vmImage?.sbomValid === true),
      iso_signature_status: iso?.signatureStatus ?? 'none',
      vm_signature_status: vmImage?.signatureStatus ?? 'none',
      operator_recovery_path_present: flag(validation.recoveryPathPresent),
      usb_write_execution_allowed: 0,
      qemu_execution_allowed_by_guard: 0,
      ...READINESS_CLAIMS,
      host_mutation_performed: 0,
      hardware_install_set_complete: flag(iso !== undefined && isSetComplete(iso)),
      vm_test_set_complete: flag(vmImage !== undefined && isSetComplete(vmImage)),
    }),
    sections: [
      ...(iso === undefined ? [] : isoSection(iso.inspection)),
      ...(vmImage === undefined ? [] : vmImageSection(vmImage.inspection)),
      ...signatureSections('iso_signature', iso?.verified),
      ...signatureSections('vm_signature', vmImage?.verified),
      ...signersSections(validation.signers),
      ...evidence,
      ...findingSections('iso_sbom_findings', iso),
      ...findingSections('vm_sbom_findings', vmImage),
      ...missingSections('missing_for_operator_review', validation.missingForReview),
    ],
  };
}

/** Makes the section of all that is to be said about an artifact's SBOM, errors apart from advice; none where nothing is. */
function findingSections(name: string, found: VerifiedArtifact | undefined): Section[] {
  const findings = found?.sbomFindings ?? [];
  if (findings.length === 0) return [];
  const of = (level: 'error' | 'advice') =>
    findings.filter((finding) => finding.level === level).map(findingLine);
  return [
    { name, fields: fields({ ...numbered('error', of('error')), ...numbered('advice', of('advice')) }) },
  ];
}

/** Makes the report where no manifest was supplied: the fixture says that there is no candidate. */
export function fixtureValidationDocument(
  manifestPath: string,
  { readiness }: ReleaseFixture,
): EvidenceDocument {
  return {
    title: TITLE,
    fields: fields({
      validation_status: 'ok',
      latticra_os_image_artifact_manifest_validation_present: 1,
      validation_mode: 'no-effect-fixture-check',
      validation_decision: 'blocked-fixture-only-no-artifact-manifest-candidate',
      manifest_path: manifestPath,
      artifact_manifest_candidate_supplied: 0,
      artifact_manifest_candidate_present: flag(readiness.os_image_artifact_manifest_candidate_present),
      artifact_manifest_ready_for_operator_review: 0,
      iso_artifact_present: flag(readiness.iso_artifact_present),
      vm_image_artifact_present: flag(readiness.vm_image_artifact_present),
      usb_write_execution_allowed: flag(readiness.usb_write_execution_allowed),
      qemu_execution_allowed_by_guard: flag(readiness.qemu_execution_allowed_by_guard),
      hardware_install_ready: flag(readiness.hardware_install_ready),
      full_os_install_ready: flag(readiness.full_os_install_ready),
      bootable_os_ready: flag(readiness.bootable_os_ready),
      production_os_claim: flag(readiness.production_os_claim),
      host_mutation_performed: 0,
    }),
    sections: [],
  };
}
