// SPDX-License-Identifier: Apache-2.0
export { checkGrubConfig, grubConfig, MAX_GRUB_CONFIG, readGrubConfig } from './config.js';
export { buildGrubBiosDisk, buildGrubDisk, buildGrubUefiDisk, type GrubDiskOptions } from './disk.js';
export type { GrubDisk, GrubImage, GrubImageOptions, GrubPart } from './image.js';
export { buildGrubIso } from './iso.js';
export { findGrub, GRUB_PLATFORM, type GrubFirmware, type GrubToolchain } from './tools.js';
