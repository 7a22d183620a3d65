// SPDX-License-Identifier: Apache-2.0
import {
  always,
  bit,
  type DocumentValue,
  defineDocument,
  digest,
  field,
  oneOf,
  optional,
  text,
  where,
} from '@latticra/evidence-format/define';
import { filePath, UNSIGNED_LOCAL } from '@latticra/manifest';
import { staysInside } from '../files/inside.js';
import { fileLines } from '../files/recorded.js';

const pathInside = where(filePath, staysInside, "a path below the manifest's own folder");

/** What a boot image consists of and how it is to be started. Every path is one below the manifest's folder. */
export const bootArtifactManifest = defineDocument('SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST', [
  // `<profile>.<build id>`
  field('artifact_id', 'artifactId', text),
  // How the image is attached and read: an optical disc, or the bytes of a disk.
  field('artifact_format', 'format', oneOf(['iso', 'raw'])),
  ...fileLines('artifact', 'artifact', pathInside),
  field('target_firmware', 'targetFirmware', oneOf(['seabios', 'uefi'])),
  field('target_bootloader', 'targetBootloader', oneOf(['grub2', 'grub2-bios', 'grub2-uefi'])),
  // What divides the image: a GUID partition table, or nothing. No profile has the latter.
  field('partition_scheme', 'partitionScheme', oneOf(['gpt', 'none'])),
  field('bios_boot_partition_declared', 'biosBootPartitionDeclared', bit),
  field('efi_system_partition_declared', 'efiSystemPartitionDeclared', bit),
  ...fileLines('grub_config', 'grubConfig', pathInside),
  ...fileLines('kernel_image', 'kernelImage', pathInside),
  // Undefined where the kernel needs none.
  optional('initramfs', [
    field('initramfs_path', 'path', pathInside),
    field('initramfs_sha256', 'sha256', digest),
  ]),
  always('serial_console_enabled', 1),
  field('operator_recovery_path', 'operatorRecoveryPath', pathInside),
  field('rollback_or_recovery_path', 'rollbackOrRecoveryPath', pathInside),
  ...fileLines('sbom', 'sbom', pathInside),
  // Undefined for an image that is knowingly handed over unsigned.
  optional(
    'signature',
    [field('signature_path', 'path', pathInside), field('signature_sha256', 'sha256', digest)],
    {
      signature_path: UNSIGNED_LOCAL,
    },
  ),
]);
export type BootArtifactManifest = DocumentValue<typeof bootArtifactManifest>;
