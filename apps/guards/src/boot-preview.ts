// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { formatDigest } from '@latticra/evidence-format';
import fixture from '../../../installer/manifests/seabios-grub-boot-preview.toml';
import { type Answer, type Drive, expectFields } from './drive.js';
import { GuardFailure } from './error.js';

/** The lanes of the boot preview that look and do nothing. */
export const BOOT_PREVIEW_LANE = {
  preflight: 'seabios-grub-boot-preview-preflight',
  evidenceTemplate: 'seabios-grub-boot-preview-evidence-template',
  evidenceValidate: 'seabios-grub-boot-preview-evidence-validate',
  argvTemplate: 'seabios-grub-boot-preview-qemu-argv-template',
  artifactTemplate: 'seabios-grub-boot-preview-boot-artifact-manifest-template',
  artifactValidate: 'seabios-grub-boot-preview-boot-artifact-manifest-validate',
} as const;

/** The profiles, and what each boots with. */
export const BOOT_PREVIEW_PROFILES = {
  'x86_64-seabios-grub-preview': {
    target_firmware: 'seabios',
    target_bootloader: 'grub2',
    qemu_machine: 'pc-i440fx',
  },
  'x86_64-grub2-bios-preview': {
    target_firmware: 'seabios',
    target_bootloader: 'grub2-bios',
    qemu_machine: 'pc-i440fx',
  },
  'x86_64-grub2-uefi-preview': {
    target_firmware: 'uefi',
    target_bootloader: 'grub2-uefi',
    qemu_machine: 'q35',
  },
} as const;

/**
 * The keys that the record of a boot has to have. They are written down here, and not taken from the description of
 * the document: a line that got lost there would otherwise go unnoticed.
 */
export const EVIDENCE_FIELDS = [
  'operator_review_id',
  'preflight_report_path',
  'preflight_report_sha256',
  'boot_preview_manifest_path',
  'boot_preview_manifest_sha256',
  'boot_artifact_manifest_path',
  'boot_artifact_manifest_sha256',
  'disk_image_path',
  'disk_image_sha256',
  'artifact_format',
  'target_firmware',
  'target_bootloader',
  'qemu_machine',
  'qemu_binary',
  'qemu_argv_record_path',
  'serial_console_boot_log_path',
  'serial_console_boot_log_sha256',
  'boot_result',
  'operator_console_boot_path',
  'operator_recovery_path',
  'rollback_or_recovery_path',
];

/** The keys that the manifest of a boot image has to have, written down here for the same reason. */
export const BOOT_ARTIFACT_FIELDS = [
  'artifact_id',
  'artifact_format',
  'artifact_path',
  'artifact_sha256',
  'target_firmware',
  'target_bootloader',
  'partition_scheme',
  'bios_boot_partition_declared',
  'efi_system_partition_declared',
  'grub_config_path',
  'grub_config_sha256',
  'kernel_image_path',
  'kernel_image_sha256',
  'initramfs_path',
  'initramfs_sha256',
  'serial_console_enabled',
  'operator_recovery_path',
  'rollback_or_recovery_path',
  'sbom_path',
  'sbom_sha256',
  'signature_path',
  'signature_sha256',
];

/** The fixture as it ships. */
export const BOOT_PREVIEW_FIXTURE = fixture;

/** Returns the values of a section by key. @throws GuardFailure when there is no such section */
export function sectionValues({ document }: Answer, name: string): ReadonlyMap<string, string> {
  const section = document.sections.find((candidate) => candidate.name === name);
  if (section === undefined) throw new GuardFailure(`${document.title}: [${name}]: missing`);
  return new Map(section.fields.map(({ key, value }) => [key, value]));
}

/**
 * Refuses an answer that does not report the three profiles, or in which anything was done or is allowed.
 * @throws GuardFailure
 */
export function expectNoEffects(answer: Answer): void {
  const { document } = answer;
  for (const [profile, expected] of Object.entries(BOOT_PREVIEW_PROFILES)) {
    const values = sectionValues(answer, `profile:${profile}`);
    expectFields(
      { ...answer, values },
      { ...expected, serial_console_enabled: 1, host_bootloader_mutation: 0, firmware_mutation: 0 },
    );
  }
  for (const [key, value] of sectionValues(answer, 'non_effects')) {
    if (value !== '0') throw new GuardFailure(`${document.title}: non_effects: ${key}=${value}`);
  }
}

/** Runs a lane beside a fixture of the guard's own and holds it to what all of the lanes have in common. */
export async function acceptsMeasured(drive: Drive, lane: string): Promise<Answer> {
  const own = `# of a guard\n${fixture}`;
  const answer = await drive.accepts(lane, '--manifest', drive.file('own.toml', own));
  expectFields(answer, {
    bootable_os_ready: 0,
    manifest_path: 'own.toml',
    manifest_measurement: formatDigest(createHash('sha256').update(own).digest('hex')),
  });
  expectNoEffects(answer);
  return answer;
}

/**
 * Refuses a section that has other keys than these, in this order, or another value for one that is not in `but`.
 * @throws GuardFailure
 */
export function expectUniform(
  answer: Answer,
  section: string,
  keys: readonly string[],
  value: string,
  but: readonly string[] = [],
): void {
  const values = sectionValues(answer, section);
  const found = [...values.keys()].join(', ');
  if (found !== keys.join(', '))
    throw new GuardFailure(
      `${answer.document.title}: [${section}]: expected ${keys.join(', ')}, found ${found}`,
    );
  const rest = keys.filter((key) => !but.includes(key));
  expectFields({ ...answer, values }, Object.fromEntries(rest.map((key) => [key, value])));
}
