// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, formatDocument, isClaimKey, parseDocument } from '@latticra/evidence-format';
import { bootPreviewFixture } from '@latticra/manifest';
import { describe, expect, it } from 'vitest';
import {
  blockedBootArtifactManifestValidation,
  blockedEvidenceValidation,
  bootArtifactManifestTemplateDocument,
  evidenceTemplateDocument,
  type Guarded,
  PREFLIGHT_TOOLS,
  preflightDocument,
  profileArgv,
  qemuArgvTemplateDocument,
} from '../index.js';
import { PROFILES } from '../profile.js';

const guarded: Guarded = {
  manifestPath: 'fixture.toml',
  manifestSha256: 'ab'.repeat(32),
  fixture: bootPreviewFixture.expected,
};
const MEASURED = `manifest_path=fixture.toml\nmanifest_measurement=sha256:${'ab'.repeat(32)}\n`;

/** Writes the section of a profile, without what a document adds. */
const profileText = (name: string, firmware: string, bootloader: string, machine: string) => `
[profile:${name}]
target_firmware=${firmware}
target_bootloader=${bootloader}
qemu_machine=${machine}
qemu_binary=qemu-system-x86_64
disk_image_path=none
disk_image_sha256=none
boot_log_path=none
serial_console_enabled=1
host_bootloader_mutation=0
firmware_mutation=0
operator_recovery_path=none
qemu_boot_execution_recorded=0
serial_console_boot_log_recorded=0
operator_console_boot_path_recorded=0
read_only_vm_evidence_recorded=0
`;
const PROFILE_TEXTS = [
  profileText('x86_64-seabios-grub-preview', 'seabios', 'grub2', 'pc-i440fx'),
  profileText('x86_64-grub2-bios-preview', 'seabios', 'grub2-bios', 'pc-i440fx'),
  profileText('x86_64-grub2-uefi-preview', 'uefi', 'grub2-uefi', 'q35'),
];
const PROFILES_TEXT = PROFILE_TEXTS.join('');

const NON_EFFECTS = `
[non_effects]
qemu_run_performed=0
qemu_boot_execution_attempted=0
grub_install_invoked=0
grub_mkconfig_invoked=0
grub_mkrescue_invoked=0
efibootmgr_invoked=0
disk_image_created=0
firmware_mutation_performed=0
bootloader_write_performed=0
partition_mutation_performed=0
network_performed=0
host_mutation_performed=0
host_mutation_authority=0
firmware_mutation_allowed=0
bootloader_write_allowed=0
partition_mutation_allowed=0
mbr_write_allowed=0
gpt_write_allowed=0
efi_variable_write_allowed=0
esp_write_allowed=0
qemu_execution_allowed_by_guard=0
qemu_boot_execution_allowed_by_guard=0
root_authority=0
network_authority=0
grub_cfg_write_allowed=0
grub_install_allowed=0
grub_mkconfig_allowed=0
efibootmgr_allowed=0
kernel_install_allowed=0
initramfs_write_allowed=0
driver_load_allowed=0
service_install_allowed=0
bootable_os_ready=0
production_os_claim=0
`;

/** Writes a section in which every key has one value. */
const sectionText = (name: string, keys: string, value: string) =>
  `\n[${name}]\n${keys
    .trim()
    .split(/\s+/)
    .map((key) => `${key}=${value}\n`)
    .join('')}`;
const EVIDENCE = `operator_review_id preflight_report_path preflight_report_sha256 boot_preview_manifest_path
  boot_preview_manifest_sha256 boot_artifact_manifest_path boot_artifact_manifest_sha256 disk_image_path
  disk_image_sha256 artifact_format target_firmware target_bootloader qemu_machine qemu_binary
  qemu_argv_record_path serial_console_boot_log_path serial_console_boot_log_sha256 boot_result
  operator_console_boot_path operator_recovery_path rollback_or_recovery_path`;
const ARTIFACT = `artifact_id artifact_format artifact_path artifact_sha256 target_firmware target_bootloader
  partition_scheme bios_boot_partition_declared efi_system_partition_declared grub_config_path grub_config_sha256
  kernel_image_path kernel_image_sha256 initramfs_path initramfs_sha256 serial_console_enabled
  operator_recovery_path rollback_or_recovery_path sbom_path sbom_sha256 signature_path signature_sha256`;

describe('preflightDocument', () => {
  it('the preflight is this document, to the letter', () => {
    const asked: string[] = [];
    const document = preflightDocument(guarded, {
      isAvailable: (tool) => {
        asked.push(tool);
        return tool === 'xorriso';
      },
      ovmfDetected: true,
    });
    expect(asked).toEqual([...PREFLIGHT_TOOLS]);
    expect(formatDocument(document)).toBe(`SEABIOS GRUB BOOT PREVIEW PREFLIGHT
preflight_status=ok
seabios_grub_boot_preview_preflight_present=1
preflight_mode=no-effect-report
preflight_decision=blocked-fixture-only-no-boot-execution
manifest_fixture_valid=1
qemu_boot_execution_attempted=0
grub_install_invoked=0
disk_image_created=0
host_mutation_performed=0
manifest_path=fixture.toml
seabios_grub_boot_preview_evidence_contract_present=1
boot_preview_manifest_fixture_present=1
boot_preview_manifest_validated=1
qemu_system_x86_64_available=0
grub_mkrescue_available=0
grub_install_available=0
xorriso_available=1
ovmf_firmware_detected=1
x86_64_seabios_grub_preview_preflight_decision=blocked-missing-boot-artifact-manifest
x86_64_grub2_bios_preview_preflight_decision=blocked-missing-boot-artifact-manifest
x86_64_grub2_uefi_preview_preflight_decision=blocked-missing-boot-artifact-manifest
qemu_run_performed=0
qemu_boot_execution_recorded=0
boot_artifact_manifest_present=0
boot_artifact_checksum_recorded=0
qemu_i440fx_seabios_boot_validation_completed=0
qemu_grub2_bios_boot_validation_completed=0
qemu_ovmf_grub2_uefi_boot_validation_completed=0
serial_console_boot_log_recorded=0
operator_console_boot_path_recorded=0
read_only_vm_evidence_recorded=0
operator_recovery_runbook_present=0
no_host_bootloader_mutation=1
no_firmware_mutation=1
seabios_grub_boot_claim_allowed=0
grub_bootloader_write_allowed=0
qemu_boot_execution_allowed_by_guard=0
bootable_os_ready=0
production_os_claim=0
next_required_evidence=qemu-artifact-manifest-with-checksum-serial-log-and-recovery-path
${PROFILES_TEXT}${NON_EFFECTS}`);
  });
});

describe('the templates and the blocked validations', () => {
  it.each<[string, (guarded: Guarded) => EvidenceDocument, string]>([
    [
      'evidence template',
      evidenceTemplateDocument,
      `SEABIOS GRUB BOOT PREVIEW EVIDENCE CAPTURE TEMPLATE
seabios_grub_boot_preview_evidence_capture_template_present=1
capture_template_mode=no-effect-template
capture_template_decision=blocked-template-only-no-boot-execution
capture_template_complete=0
boot_evidence_record_ready=0
qemu_boot_execution_attempted=0
bootable_os_ready=0
${MEASURED}${PROFILES_TEXT}${sectionText(
  'required_future_bundle_fields',
  EVIDENCE,
  '<required-before-boot-evidence>',
)
  .replace('preview_manifest_path=<required-before-boot-evidence>', 'preview_manifest_path=fixture.toml')
  .replace(
    'preview_manifest_sha256=<required-before-boot-evidence>',
    `preview_manifest_sha256=sha256:${'ab'.repeat(32)}`,
  )}${NON_EFFECTS}`,
    ],
    [
      'evidence validation',
      blockedEvidenceValidation,
      `SEABIOS GRUB BOOT PREVIEW EVIDENCE VALIDATION
seabios_grub_boot_preview_evidence_validation_present=1
boot_evidence_validation_mode=no-effect-readiness-check
boot_evidence_validation_decision=blocked-fixture-only-no-boot-evidence
boot_evidence_candidate_ready=0
qemu_i440fx_seabios_boot_validation_completed=0
qemu_grub2_bios_boot_validation_completed=0
qemu_ovmf_grub2_uefi_boot_validation_completed=0
serial_console_boot_log_recorded=0
operator_recovery_runbook_present=0
bootable_os_ready=0
production_os_claim=0
${MEASURED}${PROFILES_TEXT}${sectionText('missing_required_future_evidence', EVIDENCE, 'missing')}${NON_EFFECTS}`,
    ],
    [
      'boot artifact manifest template',
      bootArtifactManifestTemplateDocument,
      `SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST TEMPLATE
seabios_grub_boot_preview_boot_artifact_manifest_template_present=1
boot_artifact_manifest_template_mode=no-effect-template
boot_artifact_manifest_template_decision=blocked-template-only-no-artifact
boot_artifact_manifest_ready=0
boot_artifact_manifest_present=0
disk_image_created=0
bootable_os_ready=0
${MEASURED}${PROFILES_TEXT}${sectionText('required_future_manifest_fields', ARTIFACT, '<required-before-boot-artifact>')}${NON_EFFECTS}`,
    ],
    [
      'boot artifact manifest validation',
      blockedBootArtifactManifestValidation,
      `SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST VALIDATION
seabios_grub_boot_preview_boot_artifact_manifest_validation_present=1
boot_artifact_manifest_validation_mode=no-effect-readiness-check
boot_artifact_manifest_validation_decision=blocked-fixture-only-incomplete
boot_artifact_manifest_candidate_ready=0
boot_artifact_manifest_present=0
bootable_os_ready=0
production_os_claim=0
${MEASURED}${PROFILES_TEXT}${sectionText('missing_required_future_fields', ARTIFACT, 'missing')}${NON_EFFECTS}`,
    ],
  ])('the %s is this document, to the letter', (_, make, text) => {
    expect(formatDocument(make(guarded))).toBe(text);
    expect(parseDocument(text)).toEqual(make(guarded));
  });
});

describe('qemuArgvTemplateDocument', () => {
  const text = formatDocument(qemuArgvTemplateDocument(guarded));
  const { sections } = parseDocument(text);
  const sectionValues = (name: string) =>
    new Map(sections.find((section) => section.name === name)?.fields.map(({ key, value }) => [key, value]));

  it('the argv template begins with what was not run, and goes on with the profiles', () => {
    expect(
      text.startsWith(`SEABIOS GRUB BOOT PREVIEW QEMU ARGV TEMPLATE
seabios_grub_boot_preview_qemu_argv_template_present=1
qemu_argv_template_mode=no-effect-template
qemu_argv_template_decision=blocked-template-only-no-qemu-execution
qemu_argv_record_ready=0
qemu_run_performed=0
qemu_boot_execution_attempted=0
bootable_os_ready=0
${MEASURED}${PROFILE_TEXTS[0]}seabios_code_path=<seabios-code-path>
future_arg_00=qemu-system-x86_64
future_arg_01=-nodefaults
`),
    ).toBe(true);
    expect(sections.map(({ name }) => name)).toEqual([
      ...PROFILES.map(({ name }) => `profile:${name}`),
      'required_future_inputs',
      'non_effects',
    ]);
    expect([...sectionValues('required_future_inputs')].map(([, value]) => value)).toEqual(
      Array(7).fill('<required-before-qemu-execution>'),
    );
  });

  it.each(PROFILES)('the argv template has the very argv of $name, but for its paths', (profile) => {
    const values = sectionValues(`profile:${profile.name}`);
    const template = [...values].flatMap(([key, value]) => (key.startsWith('future_arg_') ? [value] : []));
    const uefi = profile.targetFirmware === 'uefi';
    const real = profileArgv(profile, {
      program: '/usr/bin/qemu',
      firmware: uefi
        ? { kind: 'uefi', code: '/c', vars: '/v', varsAccess: 'private', requiresSmm: false }
        : { kind: 'seabios', code: '/c' },
      diskImage: '/d',
      serialLog: '/s',
    });
    const filled = template.map((word) =>
      word
        .replace(/^qemu-system-x86_64$/, '/usr/bin/qemu')
        .replace(uefi ? '<ovmf-code-path>' : '<seabios-code-path>', '/c')
        .replace('<ovmf-vars-ephemeral-copy-path>', '/v')
        .replace('<disk-image-path>', '/d')
        .replace('<serial-log-path>', '/s'),
    );
    expect(filled).toEqual(real);
    expect(values.has('seabios_code_path')).toBe(!uefi);
    for (const key of ['ovmf_code_path', 'ovmf_vars_template_path', 'ovmf_vars_ephemeral_copy_path']) {
      expect(values.has(key)).toBe(uefi);
    }
    // QEMU would write to it.
    expect(template.join(' ')).not.toContain('<ovmf-vars-template-path>');
  });
});

describe('every document', () => {
  it('every document claims nothing, wherever it speaks of a claim', () => {
    for (const make of [
      (from: Guarded) => preflightDocument(from, { isAvailable: () => true, ovmfDetected: true }),
      evidenceTemplateDocument,
      blockedEvidenceValidation,
      bootArtifactManifestTemplateDocument,
      blockedBootArtifactManifestValidation,
      qemuArgvTemplateDocument,
    ]) {
      const { fields, sections } = make(guarded);
      const raised = [...fields, ...sections.flatMap((section) => section.fields)].filter(
        ({ key, value }) =>
          (isClaimKey(key) || /_(performed|invoked|recorded|completed|ready|attempted)$/.test(key)) &&
          value !== '0',
      );
      expect(raised).toEqual([]);
    }
  });
});
