// SPDX-License-Identifier: Apache-2.0

/** The title line of a boot artifact manifest. */
export const BOOT_ARTIFACT_MANIFEST_TITLE = 'SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST';

/** How the image is to be attached and read: an optical disc, or the bytes of a disk. */
export const ARTIFACT_FORMATS = ['iso', 'raw'] as const;
export type ArtifactFormat = (typeof ARTIFACT_FORMATS)[number];

/** What divides the image: a GUID partition table, or nothing. No profile has the latter. */
export const PARTITION_SCHEMES = ['gpt', 'none'] as const;
export type PartitionScheme = (typeof PARTITION_SCHEMES)[number];

export const TARGET_FIRMWARES = ['seabios', 'uefi'] as const;
export type TargetFirmware = (typeof TARGET_FIRMWARES)[number];

export const TARGET_BOOTLOADERS = ['grub2', 'grub2-bios', 'grub2-uefi'] as const;
export type TargetBootloader = (typeof TARGET_BOOTLOADERS)[number];

/** A file below the folder of the document that names it. */
export interface RecordedFile {
  /** Relative, with `/` between the names. */
  readonly path: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** What a boot image consists of and how it is to be started. */
export interface BootArtifactManifest {
  /** `<profile>.<build id>` */
  readonly artifactId: string;
  readonly format: ArtifactFormat;
  readonly artifact: RecordedFile;
  readonly targetFirmware: TargetFirmware;
  readonly targetBootloader: TargetBootloader;
  readonly partitionScheme: PartitionScheme;
  readonly biosBootPartitionDeclared: boolean;
  readonly efiSystemPartitionDeclared: boolean;
  readonly grubConfig: RecordedFile;
  readonly kernelImage: RecordedFile;
  /** Undefined where the kernel needs none. */
  readonly initramfs: RecordedFile | undefined;
  readonly operatorRecoveryPath: string;
  readonly rollbackOrRecoveryPath: string;
  readonly sbom: RecordedFile;
  /** Undefined for an image that is knowingly handed over unsigned. */
  readonly signature: RecordedFile | undefined;
}
