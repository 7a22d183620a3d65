// SPDX-License-Identifier: Apache-2.0
export {
  type RecordBeside,
  SEED_BUILD_ID_PREFIX,
  SEED_SENTINEL,
  seedBuildDocument,
  vmImageBuildDocument,
} from './build/document.js';
export { type BuildKernel, readKernel, seedKernel } from './build/kernel.js';
export { type BuildSeedOptions, buildSeed, SEED_FILE, type SeedBuild } from './build/seed.js';
export type { BootloaderChoice, ResolvedParts, ToolchainChoice } from './build/tools.js';
export {
  type BuildVmImageOptions,
  buildVmImage,
  VM_IMAGE_FILE,
  VM_IMAGE_MIB,
  type VmImageBuild,
} from './build/vm-image.js';
export { BootSeedError, type BootSeedErrorCode, type KernelRefusal } from './error.js';
export { GUEST_ERRORS, type GuestError, SEED_EXIT_CODE } from './exit.js';
export {
  buildGrubBiosDisk,
  buildGrubDisk,
  buildGrubIso,
  buildGrubUefiDisk,
  findGrub,
  GRUB_PLATFORM,
  type GrubDiskOptions,
  type GrubFirmware,
  type GrubImage,
  type GrubImageOptions,
  type GrubPart,
  type GrubToolchain,
  grubConfig,
} from './grub/index.js';
export type { BuildHost } from './host.js';
export { type BootDisk, type BootDiskOptions, buildBootDisk } from './image/disk.js';
export { readEpoch } from './image/identity.js';
export { buildBootIso } from './image/iso.js';
export { GRUB_CONFIG_PATH, IMAGE_PATH } from './image/names.js';
export type { BootImageOptions } from './image/options.js';
export { findSeedParts, type OwnParts } from './image/own-image.js';
export {
  assertBootable,
  type BootableKernel,
  type ElfProgram,
  type ElfSegment,
  type Multiboot2Header,
  type Multiboot2Tag,
} from './multiboot/index.js';
export { readBuildId, setBuildId } from './patch/build-id.js';
export { isOwnPart } from './patch/own-part.js';
export {
  recordedSeedBuild,
  SEED_BUILD_TYPE,
  SEED_RECORD_FILE,
  type SeedBuildRecord,
  type SeedBuildValidation,
  type SeedRecordLabels,
  seedBuildRecord,
  seedValidationDocument,
  type ValidateSeedBuildOptions,
  validateSeedBuild,
  type WrittenSeedRecord,
  writeSeedRecord,
  writeVmImageRecord,
} from './record/index.js';
export { PREBUILT_PARTS, type SeedParts } from './seed/parts.js';
export { SEED_SOURCES } from './seed/sources.js';
export type { RunTool, RunToolOptions, ToolResult } from './tool.js';
