// SPDX-License-Identifier: Apache-2.0
import { BOOT_PREVIEW_FIXTURE, BOOT_PREVIEW_LANE, expectNoEffects } from '../boot-preview.js';
import { type Drive, expectFields } from '../drive.js';
import { refusesRaised } from '../fixture.js';
import type { Guard } from '../guard.js';

/** Each of these, raised in the fixture, has to stop every lane. */
const WITHHELD = {
  manifest: ['boot_artifact_manifest_present', 'bootable_os_ready', 'production_os_claim'],
  authority: [
    'host_mutation_authority',
    'firmware_mutation_allowed',
    'bootloader_write_allowed',
    'partition_mutation_allowed',
    'mbr_write_allowed',
    'gpt_write_allowed',
    'efi_variable_write_allowed',
    'esp_write_allowed',
    'qemu_execution_allowed_by_guard',
  ],
  promotion_gates: ['qemu_grub2_bios_boot_validation_completed', 'seabios_grub_boot_claim_allowed'],
};

async function refusesTrue(drive: Drive, lane: string, table: string, key: string): Promise<void> {
  drive.file('early.toml', BOOT_PREVIEW_FIXTURE.replace(`${key} = false`, `${key} = true`));
  const reason = new RegExp(`${table}\\.${key}: expected false, found true`);
  await drive.refuses(lane, ['--manifest', 'early.toml'], 65, reason);
}

export const bootPreviewContract: Guard = {
  name: 'seabios_grub_boot_preview_evidence_contract',
  summary: 'no boot-preview lane claims a boot, and a fixture that does is refused',
  async check(drive) {
    for (const lane of Object.values(BOOT_PREVIEW_LANE)) {
      expectNoEffects(await drive.accepts(lane));
      await refusesTrue(drive, lane, 'manifest', 'bootable_os_ready');
    }
    const lane = BOOT_PREVIEW_LANE.preflight;
    expectFields(await drive.accepts(lane), {
      seabios_grub_boot_preview_evidence_contract_present: 1,
      boot_preview_manifest_fixture_present: 1,
      boot_preview_manifest_validated: 1,
      boot_artifact_manifest_present: 0,
      qemu_boot_execution_recorded: 0,
      serial_console_boot_log_recorded: 0,
      operator_console_boot_path_recorded: 0,
      seabios_grub_boot_claim_allowed: 0,
      grub_bootloader_write_allowed: 0,
      qemu_boot_execution_allowed_by_guard: 0,
      bootable_os_ready: 0,
      production_os_claim: 0,
    });
    for (const [table, keys] of Object.entries(WITHHELD)) {
      for (const key of keys) await refusesTrue(drive, lane, table, key);
    }
    await refusesRaised(drive, lane, BOOT_PREVIEW_FIXTURE, { table: 'manifest', key: 'production_os_claim' });
    drive.file('released.toml', BOOT_PREVIEW_FIXTURE.replace('"fixture-only"', '"released"'));
    await drive.refuses(
      lane,
      ['--manifest', 'released.toml'],
      65,
      /manifest\.status: expected "fixture-only"/,
    );
    await drive.refuses(lane, ['--manifest', 'missing.toml'], 66, /missing\.toml/);
  },
};
