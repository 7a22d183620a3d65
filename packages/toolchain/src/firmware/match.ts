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

/** Returns whether a glob(7) pattern of `*`, `?` and plain characters covers the whole text. */
export function globMatches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
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
