// SPDX-License-Identifier: Apache-2.0
import type { ProfileName } from '../profile.js';

/** Returns the names of the files that an image build writes, and a capture keeps beside the image. */
export function imageFileNames(profile: ProfileName, format: 'iso' | 'raw') {
  return {
    image: `${profile}.${format}`,
    grubConfig: `${profile}-grub.cfg`,
    kernel: `${profile}-kernel.elf`,
    recovery: `${profile}-operator-recovery.txt`,
    rollback: `${profile}-rollback.txt`,
    sbom: `${profile}-sbom.spdx.json`,
    manifest: `${profile}-boot-artifact-manifest.txt`,
  } as const;
}
