// SPDX-License-Identifier: Apache-2.0
export { ToolchainError, type ToolchainErrorCode } from './error.js';
export { findFirmware, requireSeaBios } from './firmware/find.js';
export type { UefiFirmware } from './firmware/flash.js';
export type { FirmwareRequest, MachineName } from './firmware/match.js';
export { pairFirmware } from './firmware/pair.js';
export { type FirmwareRoots, firmwareRoots } from './firmware/roots.js';
export { type FirmwareSurvey, surveyFirmware } from './firmware/survey.js';
export { IMAGE_TOOLS, type ImageTool, type ImageToolSurvey, surveyImageTools } from './image-tools.js';
export { type Environment, findProgram, type PackageNames, packagesOf, requireProgram } from './program.js';
export { type ExecOptions, type ExecResult, execProgram, type StopReason } from './run/exec.js';
export { type ProcessGroup, type ProgramExit, type SpawnOptions, spawnGroup } from './run/group.js';
