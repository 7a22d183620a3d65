// SPDX-License-Identifier: Apache-2.0
export {
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
export { debugExitCode, GUEST_ERRORS, type GuestError, SEED_EXIT_CODE } from './exit.js';
export {
  buildGrubBiosDisk,
  buildGrubDisk,
  buildGrubIso,
  buildGrubUefiDisk,
  checkGrubConfig,
  findGrub,
  GRUB_PLATFORM,
  type GrubDisk,
  type GrubDiskOptions,
  type GrubFirmware,
  type GrubImage,
  type GrubImageOptions,
  type GrubPart,
  type GrubToolchain,
  grubConfig,
  MAX_GRUB_CONFIG,
  readGrubConfig,
} from './grub/index.js';
export type { BuildHost } from './host.js';
export { type BootDisk, type BootDiskOptions, buildBootDisk } from './image/disk.js';
export { readEpoch } from './image/identity.js';
export { buildBootIso } from './image/iso.js';
export { GRUB_CONFIG_PATH, IMAGE_PATH, VOLUME_LABEL } from './image/names.js';
export type { BootImageOptions } from './image/options.js';
export { MIN_DISK_SIZE } from './image/places.js';
export {
  assertBootable,
  type BootableKernel,
  type ElfProgram,
  type ElfSegment,
  findMultiboot1,
  MAX_KERNEL_SIZE,
  type Multiboot1Header,
  type Multiboot2Header,
  type Multiboot2Tag,
  readElf,
  readMultiboot2,
} from './multiboot/index.js';
export { assertBuildId, readBuildId, setBuildId } from './patch/build-id.js';
export { type BiosLoaderPlaces, patchBiosLoader, patchMasterBoot, setCommandLine } from './patch/loader.js';
export { isOwnPart } from './patch/own-part.js';
export { type AssembleOptions, assembleSeed, type GnuToolchain } from './seed/assemble.js';
export { PART_NAMES, PREBUILT_PARTS, type SeedParts, sumParts } from './seed/parts.js';
export { SEED_SOURCES } from './seed/sources.js';
export { type RunTool, type RunToolOptions, runTool, type ToolResult } from './tool.js';
