// SPDX-License-Identifier: Apache-2.0

/**
 * What EDK2's boot manager says of a boot option on a device whose loader did not pass the signature check. The
 * two words are the two statuses that LoadImage has for it (UEFI 2.10, 7.4.1); a file of the firmware itself, as
 * its shell is, has a path that begins with Fv. No control character is in it: the line becomes part of a record.
 */
const REFUSAL =
  /^BdsDxe: failed to load Boot[0-9A-F]{4} "[^\p{C}\p{Zl}\p{Zp}]*" from (?!Fv\()[^\s\p{C}]+: (?:Access Denied|Security Violation)$/u;

/**
 * Returns whether a line of the serial console is secure boot's refusal of an image on a device, for which a run
 * waits.
 */
export function isRefusalLine(line: string): boolean {
  return REFUSAL.test(line);
}
