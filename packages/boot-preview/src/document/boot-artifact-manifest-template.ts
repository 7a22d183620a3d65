// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, flag } from '@latticra/evidence-format';
import { bootArtifactManifest } from '../artifact/schema.js';
import { type Guarded, noEffectDocument, uniformSection } from './no-effect.js';

const REQUIRED = '<required-before-boot-artifact>';

/** Makes the report that shows what a boot artifact manifest has to say, and writes none. */
export function bootArtifactManifestTemplateDocument(guarded: Guarded): EvidenceDocument {
  const { manifest } = guarded.fixture;
  return noEffectDocument(guarded, {
    title: 'SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST TEMPLATE',
    values: {
      seabios_grub_boot_preview_boot_artifact_manifest_template_present: 1,
      boot_artifact_manifest_template_mode: 'no-effect-template',
      boot_artifact_manifest_template_decision: 'blocked-template-only-no-artifact',
      boot_artifact_manifest_ready: 0,
      boot_artifact_manifest_present: flag(manifest.boot_artifact_manifest_present),
      disk_image_created: 0,
      bootable_os_ready: flag(manifest.bootable_os_ready),
    },
    required: uniformSection('required_future_manifest_fields', bootArtifactManifest.keys, REQUIRED),
  });
}
