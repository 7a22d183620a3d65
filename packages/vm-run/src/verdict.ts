// SPDX-License-Identifier: Apache-2.0
import { tailOf, VmRunError, type VmRunErrorCode } from './error.js';
import { type BootObservation, describeEnd, type ObservedFirmware, type QemuFacts } from './observation.js';

/** What the log and the end of a boot have to show. */
export interface BootExpectation {
  /** A line of its own. */
  readonly sentinel: string;
  /** What stands on its line before the build id. */
  readonly buildIdPrefix: string;
  /** The build id of the kernel in the image. */
  readonly buildId: string;
  /** Exit code of the machine; never 0, which a triple fault has too. */
  readonly exitCode: number;
}

/**
 * Whether a boot was what it had to be: ended by itself with the exact exit code, the sentinel on a line of its
 * own, every build id in the log the expected one, image and firmware untouched.
 * @throws VmRunError with the first of these that does not hold
 */
export function assertBoot(observation: BootObservation, expected: BootExpectation): void {
  const { end, serialLines, imageBefore, imageAfter } = observation;
  const fail = (code: VmRunErrorCode, what: string) =>
    new VmRunError(code, `${imageBefore.path}: ${what}; ${tailOf(serialLines)}`, {
      fix: `look into ${observation.serialLog.path}`,
    });
  if (imageBefore.sha256 !== imageAfter.sha256) {
    throw fail('image-changed', `changed during the run: ${imageBefore.sha256} became ${imageAfter.sha256}`);
  }
  const firmware = changedFirmware(observation.qemu);
  if (firmware !== undefined) throw fail('firmware-changed', `${firmware} changed during the run`);
  if (end.kind !== 'exit' || end.code !== expected.exitCode) {
    throw fail(
      end.kind === 'exit' ? 'exit-code' : end.kind,
      `the machine ${describeEnd(end)}, expected exit code ${expected.exitCode}`,
    );
  }
  if (!serialLines.includes(expected.sentinel)) {
    throw fail('no-sentinel', `no line ${expected.sentinel} on the serial console`);
  }
  const ids = serialLines
    .filter((line) => line.startsWith(expected.buildIdPrefix))
    .map((line) => line.slice(expected.buildIdPrefix.length));
  const other = ids.find((id) => id !== expected.buildId);
  if (ids.length === 0 || other !== undefined) {
    throw fail('build-id', `expected build id ${expected.buildId}, the log has ${other ?? 'none'}`);
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
