// SPDX-License-Identifier: Apache-2.0
import type { Descriptor } from './descriptor.js';

/** The x86 machines by the names this project uses: i440FX with PIIX, and Q35 with ICH9. */
export type MachineName = 'pc-i440fx' | 'q35';

/** What firmware is wanted for. */
export interface FirmwareRequest {
  readonly machine: MachineName;
  /** Firmware that verifies signatures; default false, so that an unsigned loader starts. */
  readonly secureBoot?: boolean;
}

/** Name and versionless beginning of QEMU's machine types, against which descriptors hold their patterns. */
const MACHINE: Record<MachineName, readonly string[]> = {
  'pc-i440fx': ['pc', 'pc-i440fx-'],
  q35: ['q35', 'pc-q35-'],
};

/**
 * Returns whether a glob(7) pattern of `*`, `?` and plain characters covers the whole text. By hand: an expression for each pattern
 * takes longer to make than a report that finds firmware has time for.
 */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  /** Behind the last star, and where in the text what follows it is looked for. */
  let star = -1;
  let from = 0;
  for (let done = 0; done < text.length; ) {
    if (pattern[at] === '*') {
      at++;
      star = at;
      from = done;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[done])) {
      at++;
      done++;
    } else if (star >= 0) {
      from++;
      at = star;
      done = from;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** The formats of flash files that are used here: all that QEMU's own description of descriptors has. */
const FORMATS = ['raw', 'qcow2'];

/**
 * Returns whether a descriptor describes split UEFI flash for the request. Which version `q35` stands for is
 * only known to the QEMU that will run, so a pattern has to cover all of them.
 */
export function descriptorMatches(descriptor: Descriptor, request: FirmwareRequest): boolean {
  const { mapping, features, targets } = descriptor;
  const has = (feature: string) => features.includes(feature);
  return (
    descriptor['interface-types'].includes('uefi') &&
    mapping.device === 'flash' &&
    mapping.mode === 'split' &&
    FORMATS.includes(mapping.executable?.format ?? '') &&
    FORMATS.includes(mapping['nvram-template']?.format ?? '') &&
    (request.secureBoot === true
      ? has('secure-boot') && has('enrolled-keys')
      : !has('secure-boot') && !has('requires-smm')) &&
    (!has('requires-smm') || request.machine === 'q35') &&
    targets.some(
      ({ architecture, machines }) =>
        architecture === 'x86_64' &&
        machines.some((pattern) => MACHINE[request.machine].some((name) => globMatches(pattern, name))),
    )
  );
}
