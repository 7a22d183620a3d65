// SPDX-License-Identifier: Apache-2.0
import { PROMOTION_FILE } from './rehearsal.js';

/** The names of the files that only a rehearsal of the seed leaves, relative to its folder. */
export const SEED_REHEARSAL_FILE = {
  seed: 'boot-seed-build.txt',
  vmImage: 'boot-seed-vm-image-build.txt',
  validation: 'boot-seed-build-validation.txt',
  vmImageValidation: 'boot-seed-vm-image-build-validation.txt',
  sbom: `${PROMOTION_FILE.evidence}/sbom.spdx.json`,
  first: `${PROMOTION_FILE.evidence}/boot-seed`,
  second: `${PROMOTION_FILE.evidence}/boot-seed-again`,
} as const;
