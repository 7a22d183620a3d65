// SPDX-License-Identifier: Apache-2.0
import { type ManifestReader, NONE, readManifest, UNSIGNED_LOCAL } from '@latticra/manifest';
import { staysInside } from '../inside.js';
import {
  ARTIFACT_FORMATS,
  BOOT_ARTIFACT_MANIFEST_TITLE,
  type BootArtifactManifest,
  PARTITION_SCHEMES,
  type RecordedFile,
  TARGET_BOOTLOADERS,
  TARGET_FIRMWARES,
} from './schema.js';

/**
 * Reads a boot artifact manifest: exactly its fields, each of its type, every path one below the manifest's folder.
 * @throws EvidenceError for the text, a missing, doubled or unknown key, a value of the wrong type
 * @throws ManifestError `manifest` for another title, a path that leads elsewhere, a digest of nothing
 */
export function parseBootArtifactManifest(input: Uint8Array | string): BootArtifactManifest {
  const reader = readManifest(input, BOOT_ARTIFACT_MANIFEST_TITLE);
  const manifest = {
    artifactId: reader.recorded('artifact_id'),
    format: reader.oneOf('artifact_format', ARTIFACT_FORMATS),
    artifact: readFile(reader, 'artifact'),
    targetFirmware: reader.oneOf('target_firmware', TARGET_FIRMWARES),
    targetBootloader: reader.oneOf('target_bootloader', TARGET_BOOTLOADERS),
    partitionScheme: reader.oneOf('partition_scheme', PARTITION_SCHEMES),
    biosBootPartitionDeclared: reader.flag('bios_boot_partition_declared') === 1,
    efiSystemPartitionDeclared: reader.flag('efi_system_partition_declared') === 1,
    grubConfig: readFile(reader, 'grub_config'),
    kernelImage: readFile(reader, 'kernel_image'),
    initramfs: readOptional(reader, 'initramfs', NONE),
    operatorRecoveryPath: readPath(reader, 'operator_recovery_path'),
    rollbackOrRecoveryPath: readPath(reader, 'rollback_or_recovery_path'),
    sbom: readFile(reader, 'sbom'),
    signature: readOptional(reader, 'signature', UNSIGNED_LOCAL),
  };
  reader.constant('serial_console_enabled', '1');
  reader.end();
  return manifest;
}

const WORDS: readonly string[] = [NONE, UNSIGNED_LOCAL];

function readPath(reader: ManifestReader, key: string): string {
  const path = reader.recorded(key);
  if (WORDS.includes(path) || !staysInside(path)) {
    throw reader.problem(
      key,
      `expected a path below the manifest's own folder, found ${JSON.stringify(path)}`,
    );
  }
  return path;
}

function readFile(reader: ManifestReader, name: string): RecordedFile {
  return { path: readPath(reader, `${name}_path`), sha256: reader.digest(`${name}_sha256`) };
}

/** A file, or `absent` for its path and `none` for its digest. */
function readOptional(reader: ManifestReader, name: string, absent: string): RecordedFile | undefined {
  if (reader.text(`${name}_path`) !== absent) return readFile(reader, name);
  reader.constant(`${name}_sha256`, NONE);
  return undefined;
}
