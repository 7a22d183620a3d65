// SPDX-License-Identifier: Apache-2.0
import {
  always,
  buildNonEffects,
  type DocumentValue,
  defineDocument,
  derived,
  digest,
  field,
  oneOf,
  optional,
  orNone,
  path,
  sourceLines,
  text,
  wholeNumber,
} from '@latticra/evidence-format/define';
import { isoCommand, vmImageCommand } from './command.js';

const artifact = <const At extends string>(key: string, at: At) =>
  optional(at, [
    field(`${key}_path`, 'path', path),
    field(`${key}_bytes`, 'size', wholeNumber),
    field(`${key}_sha256`, 'sha256', digest),
  ] as const);

/**
 * What an image of the boot seed was built from, how, and what came of it: an ISO or a disk, each by a record of its own. Paths
 * of files that were written are names in the record's folder; those of inputs start where the build was started.
 */
export const seedBuildRecord = defineDocument('LATTICRA BOOT SEED BUILD RECORD', [
  always('build_status', 'ok'),
  always('boot_seed_build_record_present', 1),
  always('boot_seed_build_performed', 1),
  field('tool_name', 'tool.name', text),
  field('tool_version', 'tool.version', text),
  field('source_date_epoch', 'epoch', wholeNumber),
  field('boot_seed_build_id', 'buildId', orNone(text)),
  ...sourceLines,
  field('output_dir', 'outputDir', path),
  field('boot_seed_bootloader', 'bootloader', oneOf(['latticra', 'grub'])),
  field('boot_seed_toolchain', 'toolchain', oneOf(['prebuilt', 'gnu'])),
  field('boot_seed_machine_code_sha256', 'machineCodeSha256', digest),
  field('grub_version', 'grubVersion', orNone(text)),
  optional('kernelInput', [
    field('kernel_input_path', 'path', path),
    field('kernel_input_sha256', 'sha256', digest),
  ]),
  always('kernel_image_recorded', 1),
  field('kernel_image_bytes', 'kernel.size', wholeNumber),
  field('kernel_image_sha256', 'kernel.sha256', digest),
  always('initramfs_recorded', 0),
  always('bootloader_configuration_recorded', 1),
  field('bios_master_boot_sha256', 'parts.masterBoot', digest),
  field('bios_loader_sha256', 'parts.biosLoader', digest),
  field('uefi_loader_sha256', 'parts.uefiLoader', digest),
  optional('grubConfig', [
    field('grub_cfg_sha256', 'sha256', digest),
    field('grub_cfg_path', 'path', orNone(path)),
  ]),
  field('image_size_mib', 'imageSizeMib', orNone(wholeNumber)),
  derived('iso_build_command', isoCommand),
  derived('vm_image_build_command', vmImageCommand),
  artifact('boot_seed_kernel', 'kernelFile'),
  artifact('boot_seed_iso', 'iso'),
  artifact('boot_seed_efi_bootloader', 'efiFile'),
  artifact('boot_seed_esp_raw', 'esp'),
  artifact('boot_seed_vm_qcow2', 'vmImage'),
  buildNonEffects,
]);
export type SeedBuildRecord = DocumentValue<typeof seedBuildRecord>;
