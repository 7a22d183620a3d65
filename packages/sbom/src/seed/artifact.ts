// SPDX-License-Identifier: Apache-2.0
import type { FileType } from '../spdx/vocabulary.js';

/** What a boot seed release is made of. */
export const SEED_ARTIFACTS = ['iso', 'vmImage', 'kernel', 'efiBootloader', 'espRaw'] as const;
export type SeedArtifact = (typeof SEED_ARTIFACTS)[number];

/** How each artifact stands in the document. */
export const ARTIFACT_ENTRIES: Readonly<
  Record<SeedArtifact, { readonly id: string; readonly types: readonly FileType[]; readonly comment: string }>
> = {
  iso: { id: 'File-iso', types: ['ARCHIVE'], comment: 'ISO 9660 image for CD and USB' },
  vmImage: { id: 'File-vm-image', types: ['ARCHIVE'], comment: 'disk image of a virtual machine' },
  kernel: { id: 'File-kernel', types: ['BINARY'], comment: 'Multiboot kernel' },
  efiBootloader: { id: 'File-efi-bootloader', types: ['BINARY'], comment: 'UEFI application' },
  espRaw: { id: 'File-esp-raw', types: ['ARCHIVE'], comment: 'raw image of the EFI system partition' },
};
