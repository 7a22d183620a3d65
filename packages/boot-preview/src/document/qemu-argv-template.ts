// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, type FieldValues, flag } from '@latticra/evidence-format';
import type { MachineFirmware } from '@latticra/qemu-argv';
import { profileArgv } from '../argv.js';
import { type BootPreviewProfile, profileNamed } from '../profile.js';
import { type Guarded, noEffectDocument, uniformSection } from './no-effect.js';
import { profileSections } from './profiles.js';

const REQUIRED = '<required-before-qemu-execution>';

/** What has to be there before a profile is booted. */
const INPUTS = [
  'operator_review_id',
  'operator_consent_path',
  'boot_artifact_manifest_path',
  'boot_artifact_manifest_sha256',
  'disk_image_path',
  'disk_image_sha256',
  'serial_console_boot_log_path',
];

/** The firmware files of a profile by their field, each as the placeholder that its argv has. */
const SEABIOS = { seabios_code_path: '<seabios-code-path>' } as const;
const OVMF = {
  ovmf_code_path: '<ovmf-code-path>',
  ovmf_vars_template_path: '<ovmf-vars-template-path>',
  ovmf_vars_ephemeral_copy_path: '<ovmf-vars-ephemeral-copy-path>',
} as const;

function templateFirmware({ targetFirmware }: BootPreviewProfile): MachineFirmware {
  if (targetFirmware === 'seabios') return { kind: 'seabios', code: SEABIOS.seabios_code_path };
  return {
    kind: 'uefi',
    code: OVMF.ovmf_code_path,
    // The machine never gets the template, which it would write to.
    vars: OVMF.ovmf_vars_ephemeral_copy_path,
    varsAccess: 'private',
    requiresSmm: false,
  };
}

function futureArguments(profile: BootPreviewProfile): FieldValues {
  const argv = profileArgv(profile, {
    program: profile.qemuBinary,
    firmware: templateFirmware(profile),
    diskImage: '<disk-image-path>',
    serialLog: '<serial-log-path>',
  });
  return Object.fromEntries(
    argv.map((word, index) => [`future_arg_${String(index).padStart(2, '0')}`, word]),
  );
}

/** Makes the report that shows the argv with which each profile will be booted, and boots none. */
export function qemuArgvTemplateDocument(guarded: Guarded): EvidenceDocument {
  const { fixture } = guarded;
  return noEffectDocument(guarded, {
    title: 'SEABIOS GRUB BOOT PREVIEW QEMU ARGV TEMPLATE',
    values: {
      seabios_grub_boot_preview_qemu_argv_template_present: 1,
      qemu_argv_template_mode: 'no-effect-template',
      qemu_argv_template_decision: 'blocked-template-only-no-qemu-execution',
      qemu_argv_record_ready: 0,
      qemu_run_performed: 0,
      qemu_boot_execution_attempted: 0,
      bootable_os_ready: flag(fixture.manifest.bootable_os_ready),
    },
    required: uniformSection('required_future_inputs', INPUTS, REQUIRED),
    profiles: profileSections(fixture, ({ profile: name, target_firmware }) => ({
      ...(target_firmware === 'uefi' ? OVMF : SEABIOS),
      ...futureArguments(profileNamed(name)),
    })),
  });
}
