// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag } from '@latticra/evidence-format';
import type { Guarded } from './no-effect.js';
import { nonEffects } from './non-effects.js';
import { profileSections } from './profiles.js';

/** The programs whose presence the preflight reports, none of which it runs. */
export const PREFLIGHT_TOOLS = ['qemu-system-x86_64', 'grub-mkrescue', 'grub-install', 'xorriso'] as const;

/** What can be seen on a machine without running anything. */
export interface PreflightSurvey {
  /** Returns whether a program is on PATH. */
  isAvailable(tool: (typeof PREFLIGHT_TOOLS)[number]): boolean;
  /** Whether UEFI firmware for QEMU is installed. */
  readonly ovmfDetected: boolean;
}

/** Makes the report of where the boot preview stands, and which of its tools are on this machine. */
export function preflightDocument(
  { manifestPath, fixture }: Pick<Guarded, 'manifestPath' | 'fixture'>,
  { isAvailable, ovmfDetected }: PreflightSurvey,
): EvidenceDocument {
  const { manifest, authority, promotion_gates: gates } = fixture;
  const profiles = Object.entries(fixture.profiles);
  return {
    title: 'SEABIOS GRUB BOOT PREVIEW PREFLIGHT',
    fields: fields({
      preflight_status: 'ok',
      seabios_grub_boot_preview_preflight_present: 1,
      preflight_mode: 'no-effect-report',
      preflight_decision: 'blocked-fixture-only-no-boot-execution',
      // A lane with another fixture has ended before this.
      manifest_fixture_valid: 1,
      qemu_boot_execution_attempted: 0,
      grub_install_invoked: 0,
      disk_image_created: 0,
      host_mutation_performed: 0,
      manifest_path: manifestPath,
      seabios_grub_boot_preview_evidence_contract_present: 1,
      boot_preview_manifest_fixture_present: flag(manifest.boot_preview_manifest_fixture_present),
      boot_preview_manifest_validated: flag(manifest.boot_preview_manifest_validated),
      ...Object.fromEntries(
        PREFLIGHT_TOOLS.map((tool) => [`${tool.replaceAll('-', '_')}_available`, flag(isAvailable(tool))]),
      ),
      ovmf_firmware_detected: flag(ovmfDetected),
      ...Object.fromEntries(
        profiles.map(([table]) => [`${table}_preflight_decision`, 'blocked-missing-boot-artifact-manifest']),
      ),
      qemu_run_performed: 0,
      qemu_boot_execution_recorded: flag(
        profiles.some(([, profile]) => profile.qemu_boot_execution_recorded),
      ),
      ...Object.fromEntries(Object.entries(gates).map(([gate, open]) => [gate, flag(open)])),
      qemu_boot_execution_allowed_by_guard: flag(authority.qemu_boot_execution_allowed_by_guard),
      bootable_os_ready: flag(manifest.bootable_os_ready),
      production_os_claim: flag(manifest.production_os_claim),
      next_required_evidence: 'qemu-artifact-manifest-with-checksum-serial-log-and-recovery-path',
    }),
    sections: [...profileSections(fixture), nonEffects(fixture)],
  };
}
