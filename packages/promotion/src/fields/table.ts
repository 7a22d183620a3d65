// SPDX-License-Identifier: Apache-2.0
import { artifactSha256, artifactSignature } from './artifacts.js';
import { serialLog, vmBoot } from './boots.js';
import {
  bootloader,
  buildEnvironment,
  initramfs,
  isoCommand,
  kernel,
  reproducibility,
  sourceTag,
  vmImageCommand,
} from './builds.js';
import type { Context } from './context.js';
import { multiMachine } from './machines.js';
import type { FieldName } from './names.js';
import type { Outcome } from './outcome.js';
import { recoveryPath } from './recovery.js';
import { licences, sbom } from './sboms.js';
import { transcriptOf } from './transcripts.js';

/** What each field is derived from. */
export const FIELDS: Readonly<Record<FieldName, (context: Context) => Outcome>> = {
  source_tag_recorded: sourceTag,
  build_environment_recorded: buildEnvironment,
  iso_build_command_recorded: isoCommand,
  vm_image_build_command_recorded: vmImageCommand,
  artifact_reproducibility_reviewed: reproducibility,
  artifact_sha256_recorded: artifactSha256,
  artifact_signature_recorded_or_unsigned_local_status_declared: artifactSignature,
  sbom_recorded: sbom,
  license_metadata_recorded: licences,
  bootloader_configuration_recorded: bootloader,
  kernel_image_recorded: kernel,
  initramfs_recorded: initramfs,
  hardware_usb_write_transcript_recorded: transcriptOf('usb-write'),
  hardware_install_transcript_recorded: transcriptOf('install'),
  vm_boot_transcript_recorded: vmBoot,
  serial_console_boot_log_recorded: serialLog,
  rollback_or_recovery_path_recorded: recoveryPath,
  post_install_verification_recorded: transcriptOf('post-install'),
  uninstall_or_reimage_recovery_recorded: transcriptOf('recovery'),
  multi_machine_validation_recorded: multiMachine,
};
