// SPDX-License-Identifier: Apache-2.0
export { assertBoot } from './assert.js';
export { VmRunError, type VmRunErrorCode } from './error.js';
export {
  type BootExpectation,
  type Expectation,
  type ExpectedEnd,
  type RefusalExpectation,
  type SeedExpectation,
  seedExpectation,
} from './expectation.js';
export { type BootFacts, observedFacts, type UsedFile } from './facts.js';
export type { BootImageFormat } from './image.js';
export { type MachineProblem, machineProblem, type RecordedMachine } from './machine.js';
export {
  type BootEnd,
  type BootObservation,
  describeEnd,
  type ObservedFirmware,
  parseEnd,
  type QemuFacts,
} from './observation.js';
export { observeBoot } from './qemu/observe.js';
export { type BootFirmware, type BootRequest, bootArgv } from './qemu/request.js';
export { isRefusalLine } from './refusal.js';
export { readSerial, type SerialText, serialLines } from './serial.js';
export type { FindOwnParts, OwnParts } from './smoke/own.js';
export { planSmoke, type SmokeChoice, type SmokePlan, smokeCommand } from './smoke/plan.js';
export { smokeReport } from './smoke/report.js';
export { runSmoke, type SmokeExpectation } from './smoke/run.js';
export type { EmbeddedBootRequest } from './v86/observe.js';
export { type BootFailureCode, type BootProblem, type BootVerdict, bootVerdict } from './verdict.js';
