// SPDX-License-Identifier: Apache-2.0
export { VmRunError, type VmRunErrorCode } from './error.js';
export { type BootImageFormat, readImageKernel } from './kernel.js';
export {
  type BootEnd,
  type BootObservation,
  describeEnd,
  type ObservedFirmware,
  type QemuFacts,
} from './observation.js';
export { observeBoot } from './qemu/observe.js';
export { type BootFirmware, type BootRequest, bootArgv } from './qemu/request.js';
export { assertRefused, isRefusalLine, type RefusalExpectation } from './refusal.js';
export { serialLines, stripEscapes } from './serial.js';
export { planSmoke, type SmokeChoice, type SmokePlan, smokeCommand } from './smoke/plan.js';
export { smokeReport } from './smoke/report.js';
export { runSmoke, type SmokeExpectation } from './smoke/run.js';
export { type EmbeddedBootRequest, observeEmbeddedBoot } from './v86/observe.js';
export { assertBoot, type BootExpectation } from './verdict.js';
