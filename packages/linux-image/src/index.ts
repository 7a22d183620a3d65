// SPDX-License-Identifier: Apache-2.0
export { LinuxImageError, type LinuxImageErrorCode } from './error.js';
export type { HelperConfig, PlainRoot, VerityRoot } from './initramfs/config.js';
export {
  HELPER_PARAMETER,
  type HelperFiles,
  type JoinedInitramfs,
  joinInitramfs,
  type ModuleFile,
  ROOT_DEVICE,
  readJoinedInitramfs,
} from './initramfs/join.js';
export { assertCommandLine } from './kernel/command-line.js';
export { type LinuxKernelFile, readLinuxKernel } from './kernel/read.js';
export { LOADER_ERRORS, type LoaderError } from './loader/errors.js';
export { BIOS_PARTS } from './loader/parts.js';
export { createBiosLoader, createMasterBoot } from './loader/patch.js';
export type { BiosLoaderFacts, ByteRange } from './loader/places.js';
export { readBiosLoader, readMasterBoot } from './loader/read.js';
export { type CollectedModules, collectModules, type RootFiles } from './modules/collect.js';
export type { MissingDrivers } from './modules/drivers.js';
export { onlyLine } from './only-line.js';
