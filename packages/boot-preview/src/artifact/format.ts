// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag, formatDigest } from '@latticra/evidence-format';
import { NONE, UNSIGNED_LOCAL } from '@latticra/manifest';
import { BOOT_ARTIFACT_MANIFEST_TITLE, type BootArtifactManifest, type RecordedFile } from './schema.js';

const pair = (name: string, file: RecordedFile | undefined, absent: string = NONE) => ({
  [`${name}_path`]: file?.path ?? absent,
  [`${name}_sha256`]: file === undefined ? NONE : formatDigest(file.sha256),
});

/** The manifest as a document: its fields, in their order. */
export function bootArtifactManifestDocument(manifest: BootArtifactManifest): EvidenceDocument {
  return {
    title: BOOT_ARTIFACT_MANIFEST_TITLE,
    fields: fields({
      artifact_id: manifest.artifactId,
      artifact_format: manifest.format,
      ...pair('artifact', manifest.artifact),
      target_firmware: manifest.targetFirmware,
      target_bootloader: manifest.targetBootloader,
      partition_scheme: manifest.partitionScheme,
      bios_boot_partition_declared: flag(manifest.biosBootPartitionDeclared),
      efi_system_partition_declared: flag(manifest.efiSystemPartitionDeclared),
      ...pair('grub_config', manifest.grubConfig),
      ...pair('kernel_image', manifest.kernelImage),
      ...pair('initramfs', manifest.initramfs),
      serial_console_enabled: 1,
      operator_recovery_path: manifest.operatorRecoveryPath,
      rollback_or_recovery_path: manifest.rollbackOrRecoveryPath,
      ...pair('sbom', manifest.sbom),
      ...pair('signature', manifest.signature, UNSIGNED_LOCAL),
    }),
    sections: [],
  };
}
