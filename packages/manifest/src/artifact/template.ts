// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag } from '@latticra/evidence-format';
import type { ReleaseFixture } from '../fixture/release.js';
import { nonEffects } from '../preflight/non-effects.js';
import { ARTIFACT_MANIFEST_TITLE } from './schema.js';

/** The fields of an artifact manifest in their order, each as what stands there: a value, or what is to be filled in. */
const PLACEHOLDERS = {
  manifest_version: 1,
  artifact_set: 'os-image-release',
  artifact_version: '<required>',
  source_commit: '<required>',
  source_tag: '<tag-or-none>',
  build_environment: '<required>',
  iso_artifact_path: '<path-or-none>',
  iso_artifact_sha256: '<sha256-or-none>',
  iso_signature_path: '<path-or-unsigned-local-or-none>',
  iso_sbom_path: '<path-or-none>',
  vm_image_path: '<path-or-none>',
  vm_image_format: '<qcow2-or-raw-or-none>',
  vm_image_sha256: '<sha256-or-none>',
  vm_signature_path: '<path-or-unsigned-local-or-none>',
  vm_sbom_path: '<path-or-none>',
  usb_write_command_template_present: 1,
  vm_test_command_template_present: 1,
  operator_recovery_path: '<path-or-url-or-none>',
  bootable_os_ready: 0,
  production_os_claim: 0,
} as const;

/** The report that shows what an artifact manifest has to say, and writes none. */
export function artifactManifestTemplateDocument(
  manifestPath: string,
  fixture: ReleaseFixture,
): EvidenceDocument {
  const { readiness } = fixture;
  return {
    title: 'LATTICRA OS IMAGE ARTIFACT MANIFEST TEMPLATE',
    fields: fields({
      template_status: 'ok',
      latticra_os_image_artifact_manifest_template_present: flag(
        readiness.os_image_artifact_manifest_template_present,
      ),
      template_mode: 'no-effect-template',
      template_decision: 'blocked-template-only-no-artifact-write',
      manifest_path: manifestPath,
      artifact_manifest_written: 0,
      artifact_manifest_candidate_present: flag(readiness.os_image_artifact_manifest_candidate_present),
      artifact_manifest_ready_for_operator_review: 0,
    }),
    sections: [
      {
        name: 'required_future_manifest',
        fields: fields({ header: ARTIFACT_MANIFEST_TITLE, ...PLACEHOLDERS }),
      },
      nonEffects(fixture),
    ],
  };
}
