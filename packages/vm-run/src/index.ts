// SPDX-License-Identifier: Apache-2.0
export { assertBoot } from './assert.js';
export { type ExpectationProblem, findExpectationProblem } from './contradiction.js';
export { VmRunError, type VmRunErrorCode } from './error.js';
export { EXPECT_FLAGS, type ExpectFlags, readExpectFlags } from './expect-flags.js';
export {
  type BootExpectation,
  type Expectation,
  type ExpectedEnd,
  NOTHING_EXPECTED,
  type RefusalExpectation,
  type SeedExpectation,
  type SystemExpectation,
  seedExpectation,
  systemExpectation,
} from './expectation.js';
export { type BootFacts, observedFacts, type UsedFile } from './facts.js';
export { areTwoHosts } from './host/compare.js';
export type { HostFacts } from './host/facts.js';
export { HOST_LINES } from './host/lines.js';
export { type BootImageFormat, type FoundParts, readOwnParts } from './image.js';
export { type MachineProblem, machineProblem, type RecordedMachine } from './machine.js';
export {
  type BootEnd,
  type BootObservation,
  describeEnd,
  type ObservedFirmware,
  type PhaseTimes,
  parseEnd,
  type QemuFacts,
} from './observation.js';
export type { FindOwnParts, OwnParts } from './own.js';
export { BOOT_PHASES, type BootPhase, findPhases, type PhaseLines } from './phases.js';
export type { BootFailureCode, BootProblem } from './problem.js';
export { observeBoot } from './qemu/observe.js';
export { type BootFirmware, type BootRequest, bootArgv } from './qemu/request.js';
export { isRefusalLine } from './refusal.js';
export { readSerial, type SerialText, serialLines } from './serial.js';
export { planSmoke, type SmokeChoice, type SmokePlan, smokeCommand } from './smoke/plan.js';
export { smokeReport } from './smoke/report.js';
export { runSmoke, runSystemSmoke, type Smoke, type SmokeExpectation, systemChoice } from './smoke/run.js';
export type { EmbeddedBootRequest } from './v86/observe.js';
export { type BootVerdict, bootVerdict } from './verdict.js';
