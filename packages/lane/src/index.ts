// SPDX-License-Identifier: Apache-2.0
export { COMMON_FLAGS, manifestFlag } from './common-flags.js';
export { LaneError, type LaneErrorCode } from './error.js';
export { EXIT_CODE, exitCodeOf, failureKindOf, reasonOf } from './exit-code.js';
export type { FlagSpec, FlagSpecs, FlagValues } from './flag-specs.js';
export { parseFlags } from './flags.js';
export {
  defineLane,
  type ExitStatuses,
  type FixtureGuard,
  type GuardedFixture,
  type Lane,
  type LaneContext,
  type PlainOutput,
} from './lane.js';
export { formatManual, formatProgramManual, type ManualLane } from './man.js';
export { assertOtherFile } from './other-file.js';
export { writeErr } from './output.js';
export { formatProgramHelp, type Program, runProgram, runWord, unknownWord } from './program.js';
export type { Progress } from './progress.js';
export { formatRemains, type LeftHalfWritten } from './remains.js';
export { executeLane, type LaneEnvironment, runLane } from './run.js';
