// SPDX-License-Identifier: Apache-2.0
import { tailOf, VmRunError, type VmRunErrorCode } from './error.js';
import {
  type BootEnd,
  type BootObservation,
  describeEnd,
  type ObservedFirmware,
  type QemuFacts,
} from './observation.js';

/** What the log and the end of a boot have to show. */
export interface BootExpectation {
  /** A line of its own. */
  readonly sentinel: string;
  /** What stands on its line before the build id. */
  readonly buildIdPrefix: string;
  /** The build id of the kernel in the image. */
  readonly buildId: string;
  /**
   * Exit code of the machine; never 0, which a triple fault has too. `stopped` for a machine without
   * isa-debug-exit, which was stopped at the line of its build id.
   */
  readonly exitCode: number | 'stopped';
}

/**
 * Whether a boot was what it had to be: ended by itself with the exact exit code (or stopped at the build id,
 * where that is expected), sentinel and build id each on one line of its own, and no other build id in the log,
 * image and firmware untouched.
 * @throws VmRunError with the first of these that does not hold
 */
export function assertBoot(observation: BootObservation, expected: BootExpectation): void {
  assertUntouched(observation);
  const { end, serialLines } = observation;
  const { sentinel, buildIdPrefix, buildId, exitCode } = expected;
  if (!isExpectedEnd(end, expected)) {
    const wanted =
      exitCode === 'stopped' ? `it to reach ${buildIdPrefix}${buildId}` : `exit code ${exitCode}`;
    const code = end.kind === 'exit' ? 'exit-code' : end.kind;
    throw bootFailure(observation, code, `the machine ${describeEnd(end)}, expected ${wanted}`);
  }
  const sentinels = serialLines.filter((line) => line === sentinel);
  if (sentinels.length === 0) {
    throw bootFailure(observation, 'no-sentinel', `no line ${sentinel} on the serial console`);
  }
  const ids = serialLines
    .filter((line) => line.startsWith(buildIdPrefix))
    .map((line) => line.slice(buildIdPrefix.length));
  const other = ids.find((id) => id !== buildId);
  if (ids.length === 0 || other !== undefined) {
    const what = `expected build id ${buildId}, the log has ${other ?? 'none'}`;
    throw bootFailure(observation, 'build-id', what);
  }
  if (sentinels.length > 1 || ids.length > 1) {
    const [line, { length }] =
      sentinels.length > 1 ? [sentinel, sentinels] : [`${buildIdPrefix}${buildId}`, ids];
    throw bootFailure(observation, 'repeated', `${length} lines ${line} on the serial console, expected one`);
  }
}

function isExpectedEnd(end: BootEnd, { exitCode, buildIdPrefix, buildId }: BootExpectation): boolean {
  return exitCode === 'stopped'
    ? end.kind === 'stopped' && end.line === `${buildIdPrefix}${buildId}`
    : end.kind === 'exit' && end.code === exitCode;
}

/** The error for a boot that was not what it had to be, with the end of its log. @internal */
export function bootFailure(
  { imageBefore, serialLines, serialLog }: BootObservation,
  code: VmRunErrorCode,
  what: string,
): VmRunError {
  return new VmRunError(code, `${imageBefore.path}: ${what}; ${tailOf(serialLines)}`, {
    fix: `look into ${serialLog.path}`,
  });
}

/** @throws VmRunError `image-changed`, `firmware-changed` @internal */
export function assertUntouched(observation: BootObservation): void {
  const { imageBefore, imageAfter, qemu } = observation;
  if (imageBefore.sha256 !== imageAfter.sha256) {
    const what = `changed during the run: ${imageBefore.sha256} became ${imageAfter.sha256}`;
    throw bootFailure(observation, 'image-changed', what);
  }
  const firmware = changedFirmware(qemu);
  if (firmware !== undefined) {
    throw bootFailure(observation, 'firmware-changed', `${firmware} changed during the run`);
  }
}

/** Path of a firmware file that is no longer what it was before the run. */
function changedFirmware(qemu: QemuFacts | undefined): string | undefined {
  if (qemu === undefined) return undefined;
  const files = (firmware: ObservedFirmware) =>
    firmware.kind === 'uefi' ? [firmware.code, firmware.vars] : [firmware.code];
  const after = files(qemu.firmwareAfter);
  return files(qemu.firmware).find((file, index) => file?.sha256 !== after[index]?.sha256)?.path;
}
