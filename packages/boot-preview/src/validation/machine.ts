// SPDX-License-Identifier: Apache-2.0
import { refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';
import type { BootPreviewProfile } from '../profile.js';

/** The beginnings of the versioned machine types that the profiles' aliases stand for. */
const RESOLVED: Record<BootPreviewProfile['qemuMachine'], string> = {
  'pc-i440fx': 'pc-i440fx-',
  q35: 'pc-q35-',
};

/** The oldest major version of QEMU whose arguments and monitor vm-run uses. */
const OLDEST = 7.0;

/**
 * Refuses a record in which QEMU's version, machine type and accelerator cannot be of one QEMU: the version has to take
 * these arguments, and the machine type has to be the profile's, of no later version. Distributions name machine types
 * after themselves; of those only the kind is checked.
 * @throws BootPreviewError `record`
 */
export function checkMachine(record: HeldEvidence): void {
  const { profile, qemuVersion, machineResolved, accelerator } = record.evidence;
  const wrong = (field: string, what: string) => refusal('record', record.path, field, what);
  const version = /^(\d+)\.(\d+)\.\d+( \(.+\))?$/.exec(qemuVersion);
  const major = Number(version?.[1]);
  if (version === null || major < OLDEST) {
    throw wrong('qemu_version', `expected QEMU ${OLDEST} or later, found ${JSON.stringify(qemuVersion)}`);
  }
  const prefix = RESOLVED[profile.qemuMachine];
  if (!machineResolved.startsWith(prefix)) {
    throw wrong(
      'qemu_machine_resolved',
      `expected ${prefix}<version>, found ${JSON.stringify(machineResolved)}`,
    );
  }
  const machine = /^(\d+)\.(\d+)$/.exec(machineResolved.slice(prefix.length));
  const order = (parts: RegExpExecArray) => Number(parts[1]) * 1000 + Number(parts[2]);
  if (machine !== null && order(machine) > order(version)) {
    throw wrong('qemu_machine_resolved', `${machineResolved} is later than QEMU ${qemuVersion}`);
  }
  if (accelerator !== 'tcg') {
    throw wrong('qemu_accelerator', `expected tcg, as the profile's arguments demand, found ${accelerator}`);
  }
}
