// SPDX-License-Identifier: Apache-2.0

/** The names of the records of builds, in the folder that a build writes into. */
export const SEED_RECORD_FILE = {
  iso: 'boot-seed-build-record.txt',
  vmImage: 'boot-seed-vm-image-build-record.txt',
} as const;
