// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type EvidenceDocument, fields, flag, formatDigest } from '@latticra/evidence-format';
import type { CapturedEvidence } from './capture.js';
import { captureNames } from './names.js';
import type { CapturePlan } from './plan.js';

/** Makes the report on a capture. That one boot was recorded says nothing of readiness. */
export function captureDocument({ request }: CapturePlan, captured: CapturedEvidence): EvidenceDocument {
  const { evidence, sha256, signaturePath } = captured;
  const { profile, files } = evidence;
  return {
    title: 'SEABIOS GRUB BOOT PREVIEW EVIDENCE CAPTURE',
    fields: fields({
      capture_status: 'ok',
      profile: profile.name,
      operator_review_id: evidence.operatorReviewId,
      evidence_path: join(request.outputDir, captureNames(profile.name).record),
      evidence_sha256: formatDigest(sha256),
      evidence_signature_path:
        signaturePath === undefined ? 'none' : join(request.outputDir, captureNames(profile.name).signature),
      disk_image_sha256: formatDigest(files.diskImage.sha256),
      build_id: evidence.buildId,
      qemu_version: evidence.qemuVersion,
      qemu_machine_resolved: evidence.machineResolved,
      boot_duration_ms: evidence.durationMs,
      serial_console_boot_log_recorded: 1,
      screenshot_recorded: flag(evidence.screen !== undefined),
      read_only_vm_evidence_recorded: 1,
      qemu_run_performed: 1,
      host_mutation_performed: 0,
      seabios_grub_boot_claim_allowed: 0,
      bootable_os_ready: 0,
      production_os_claim: 0,
    }),
    sections: [],
  };
}
