// SPDX-License-Identifier: Apache-2.0
import { refusal } from '../error.js';
import { type BootPreviewProfile, PROFILES } from '../profile.js';
import type { BootArtifactManifest } from './schema.js';

/**
 * Returns the profile that a manifest's image is for: the one with its firmware and boot loader. The manifest has to
 * declare the format and the partitions of that profile.
 * @throws BootPreviewError `bad-image` naming the first field that no profile, or not this one, has
 */
export function manifestProfile(
  place: { readonly path: string },
  manifest: BootArtifactManifest,
): BootPreviewProfile {
  const profile = PROFILES.find(
    ({ targetFirmware, targetBootloader }) =>
      targetFirmware === manifest.targetFirmware && targetBootloader === manifest.targetBootloader,
  );
  if (profile === undefined) {
    const found = `${manifest.targetBootloader} on ${manifest.targetFirmware} is of no profile`;
    throw refusal('bad-image', place.path, 'target_bootloader', found);
  }
  const rows = [
    ['artifact_format', manifest.format, profile.artifactFormat],
    ['partition_scheme', manifest.partitionScheme, profile.partitionScheme],
    ['bios_boot_partition_declared', manifest.biosBootPartitionDeclared, profile.biosBootPartition],
    ['efi_system_partition_declared', manifest.efiSystemPartitionDeclared, profile.efiSystemPartition],
  ] as const;
  for (const [field, declared, expected] of rows) {
    if (declared === expected) continue;
    const show = (value: string | boolean) => (typeof value === 'string' ? value : String(Number(value)));
    throw refusal(
      'bad-image',
      place.path,
      field,
      `${profile.name} has ${show(expected)}, declared is ${show(declared)}`,
    );
  }
  return profile;
}
