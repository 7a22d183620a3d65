// SPDX-License-Identifier: Apache-2.0
export { VmRunError, type VmRunErrorCode } from './error.js';
export type { BootEnd, BootObservation, ObservedFirmware, QemuFacts } from './observation.js';
export { observeBoot } from './qemu/observe.js';
export { type BootFirmware, type BootRequest, bootArgv } from './qemu/request.js';
export { serialLines, stripEscapes } from './serial.js';
export { assertBoot, type BootExpectation } from './verdict.js';
