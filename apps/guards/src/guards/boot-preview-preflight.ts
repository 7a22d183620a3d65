// SPDX-License-Identifier: Apache-2.0
import { BOOT_PREVIEW_LANE, BOOT_PREVIEW_PROFILES, expectNoEffects } from '../boot-preview.js';
import { expectFields, expectOrder } from '../drive.js';
import { GuardFailure } from '../error.js';
import type { Guard } from '../guard.js';

const LANE = BOOT_PREVIEW_LANE.preflight;
const TOOL_FLAGS = [
  'qemu_system_x86_64_available',
  'grub_mkrescue_available',
  'grub_install_available',
  'xorriso_available',
  'ovmf_firmware_detected',
];

export const bootPreviewPreflight: Guard = {
  name: 'seabios_grub_boot_preview_preflight',
  summary: 'the preflight reports fixture and tools, blocks every profile, and does nothing',
  async check(drive) {
    const answer = await drive.accepts(LANE);
    const decisions = Object.keys(BOOT_PREVIEW_PROFILES).map((profile) => [
      `${profile.replaceAll('-', '_')}_preflight_decision`,
      'blocked-missing-boot-artifact-manifest',
    ]);
    expectFields(answer, {
      preflight_status: 'ok',
      preflight_mode: 'no-effect-report',
      preflight_decision: 'blocked-fixture-only-no-boot-execution',
      manifest_fixture_valid: 1,
      qemu_boot_execution_attempted: 0,
      grub_install_invoked: 0,
      disk_image_created: 0,
      host_mutation_performed: 0,
      qemu_run_performed: 0,
      qemu_boot_execution_recorded: 0,
      ...Object.fromEntries(decisions),
      no_host_bootloader_mutation: 1,
      no_firmware_mutation: 1,
      next_required_evidence: 'qemu-artifact-manifest-with-checksum-serial-log-and-recovery-path',
    });
    expectOrder(answer, ['preflight_status', 'host_mutation_performed', 'manifest_path', ...TOOL_FLAGS]);
    for (const key of TOOL_FLAGS) {
      const value = answer.values.get(key) ?? '';
      if (!/^[01]$/.test(value)) throw new GuardFailure(`${LANE}: ${key}: expected 0 or 1, found ${value}`);
    }
    expectNoEffects(answer);
    await drive.refuses(LANE, ['--run'], 64, /unknown flag --run/);
  },
};
