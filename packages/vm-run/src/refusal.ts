// SPDX-License-Identifier: Apache-2.0
import { type BootObservation, describeEnd } from './observation.js';
import { assertUntouched, bootFailure } from './verdict.js';

/**
 * What EDK2's boot manager says of a boot option on a device whose loader did not pass the signature check. The
 * two words are the two statuses that LoadImage has for it (UEFI 2.10, 7.4.1); a file of the firmware itself, as
 * its shell is, has a path that begins with Fv.
 */
const REFUSAL =
  /^BdsDxe: failed to load Boot[0-9A-F]{4} ".*" from (?!Fv\()\S+: (?:Access Denied|Security Violation)$/;

/** Whether a line of the serial console is secure boot's refusal of an image on a device: what to wait for. */
export function isRefusalLine(line: string): boolean {
  return REFUSAL.test(line);
}

/** How it would show that something of a refused image ran after all. */
export interface RefusalExpectation {
  /** Beginnings of lines, such as those of the loader, the sentinel, the build id. */
  readonly neverStarted: readonly string[];
}

/**
 * Whether UEFI firmware refused an image, which for an unsigned loader under secure boot is the right result: the
 * run was stopped at the line that says so, nothing of the image wrote a line, image and firmware are untouched.
 * @throws VmRunError with the first of these that does not hold; for the first two it is `not-refused`
 */
export function assertRefused(observation: BootObservation, { neverStarted }: RefusalExpectation): void {
  assertUntouched(observation);
  const { end, serialLines, qemu } = observation;
  if (qemu?.firmware.kind !== 'uefi' || end.kind !== 'stopped' || !isRefusalLine(end.line)) {
    throw bootFailure(
      observation,
      'not-refused',
      `the machine ${describeEnd(end)}, expected UEFI firmware to refuse the image`,
    );
  }
  const ran = serialLines.find((line) => neverStarted.some((beginning) => line.startsWith(beginning)));
  if (ran !== undefined) {
    throw bootFailure(observation, 'not-refused', `the image ran all the same, and wrote ${ran}`);
  }
}
