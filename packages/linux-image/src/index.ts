// SPDX-License-Identifier: Apache-2.0
export { LinuxImageError, type LinuxImageErrorCode } from './error.js';
export { diskRootOffset, diskSize, type MediumOptions, planDisk } from './image/disk.js';
export type { BootUki } from './image/esp.js';
export { isoRootOffset, planLinuxIso } from './image/iso.js';
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
export { isOwnLinuxLoader } from './medium/own.js';
export { type LinuxMedium, readLinuxMedium } from './medium/read.js';
export {
  type CollectedModules,
  collectModules,
  findModuleFiles,
  type ModuleFiles,
  type RootFiles,
  readModules,
} from './modules/collect.js';
export type { MissingDrivers } from './modules/drivers.js';
export { ownParts } from './own-parts.js';
export { type RootScan, type ScannedRoot, scanRoot } from './root/scan.js';
export {
  planRoot,
  type RootMode,
  type RootPlan,
  type RootTarget,
  type RootWriter,
  type WrittenRoot,
  writeRoot,
} from './root/write.js';
export { STUB_ERRORS, type StubError } from './stub/errors.js';
export { type PlannedUki, planUki, type UkiOptions } from './uki/plan.js';
export { readUki, type Uki } from './uki/read.js';
export { checkSignedUki, type SignedUki } from './uki/signed.js';
export type { UkiFacts, UkiPart } from './uki/uki.js';
