// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag, formatDigest } from '@latticra/evidence-format';
import { BOOT_EVIDENCE_KEYS } from '../evidence/keys.js';
import { type Guarded, noEffectDocument } from './no-effect.js';

const REQUIRED = '<required-before-boot-evidence>';

/** Makes the report that shows what the record of a boot has to say, and records none. */
export function evidenceTemplateDocument(guarded: Guarded): EvidenceDocument {
  const { manifestPath, manifestSha256, fixture } = guarded;
  return noEffectDocument(guarded, {
    title: 'SEABIOS GRUB BOOT PREVIEW EVIDENCE CAPTURE TEMPLATE',
    values: {
      seabios_grub_boot_preview_evidence_capture_template_present: 1,
      capture_template_mode: 'no-effect-template',
      capture_template_decision: 'blocked-template-only-no-boot-execution',
      capture_template_complete: 0,
      boot_evidence_record_ready: 0,
      qemu_boot_execution_attempted: 0,
      bootable_os_ready: flag(fixture.manifest.bootable_os_ready),
    },
    required: {
      name: 'required_future_bundle_fields',
      fields: fields({
        ...Object.fromEntries(BOOT_EVIDENCE_KEYS.map((field) => [field, REQUIRED])),
        // These two keep their places: the fixture is there already.
        boot_preview_manifest_path: manifestPath,
        boot_preview_manifest_sha256: formatDigest(manifestSha256),
      }),
    },
  });
}
