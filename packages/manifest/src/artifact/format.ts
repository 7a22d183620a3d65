// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, formatDigest } from '@latticra/evidence-format';
import { ManifestError } from '../error.js';
import {
  ARTIFACT_MANIFEST_TITLE,
  type ArtifactManifest,
  type ArtifactRecord,
  NONE,
  UNSIGNED_LOCAL,
} from './schema.js';

/**
 * The artifact manifest as a document: its 20 fields, in their order.
 * @throws ManifestError `manifest` for an artifact whose path would be read back as no artifact
 */
export function artifactManifestDocument(manifest: ArtifactManifest): EvidenceDocument {
  const { iso, vmImage } = manifest;
  const record = (artifact: ArtifactRecord | undefined) => ({
    path: artifact?.path ?? NONE,
    sha256: artifact === undefined ? NONE : formatDigest(artifact.sha256),
    signature: artifact?.signaturePath ?? NONE,
    sbom: artifact?.sbomPath ?? NONE,
  });
  for (const artifact of [iso, vmImage]) {
    if (artifact?.path === NONE || artifact?.path === UNSIGNED_LOCAL) {
      throw new ManifestError('manifest', `${artifact.path}: expected a path that is not that word`, {
        fix: `write ./${artifact.path} for a file of that name`,
      });
    }
  }
  const [isoRecord, vmRecord] = [record(iso), record(vmImage)];
  return {
    title: ARTIFACT_MANIFEST_TITLE,
    fields: fields({
      manifest_version: 1,
      artifact_set: 'os-image-release',
      artifact_version: manifest.artifactVersion,
      source_commit: manifest.sourceCommit,
      source_tag: manifest.sourceTag,
      build_environment: manifest.buildEnvironment,
      iso_artifact_path: isoRecord.path,
      iso_artifact_sha256: isoRecord.sha256,
      iso_signature_path: isoRecord.signature,
      iso_sbom_path: isoRecord.sbom,
      vm_image_path: vmRecord.path,
      vm_image_format: vmImage?.format ?? NONE,
      vm_image_sha256: vmRecord.sha256,
      vm_signature_path: vmRecord.signature,
      vm_sbom_path: vmRecord.sbom,
      usb_write_command_template_present: 1,
      vm_test_command_template_present: 1,
      operator_recovery_path: manifest.operatorRecoveryPath,
      bootable_os_ready: 0,
      production_os_claim: 0,
    }),
    sections: [],
  };
}
