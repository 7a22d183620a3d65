// SPDX-License-Identifier: Apache-2.0
import type { MachineName } from '@latticra/qemu-argv';
import type { QemuFacts } from './observation.js';

/** What a record says of the QEMU that ran it, beside the machine that its command asks for. */
export interface RecordedMachine {
  readonly machine: MachineName;
  /** With its version: `pc-q35-7.2`. */
  readonly machineResolved: string;
  readonly accelerator: QemuFacts['accelerator'];
  /** As QEMU says it: `7.2.0 (Debian …)`. */
  readonly qemuVersion: string;
}

/** What cannot be of one QEMU, and which of its facts says so. */
export interface MachineProblem {
  readonly fact: Exclude<keyof RecordedMachine, 'machine'>;
  /** A sentence without its subject, the record: `ran on pc-q35-7.2, which is no pc-i440fx`. */
  readonly reason: string;
}

/** The beginnings of the versioned machine types that the names of machines stand for. */
const RESOLVED: Record<MachineName, string> = { 'pc-i440fx': 'pc-i440fx-', q35: 'pc-q35-' };

/** The oldest major version of QEMU whose arguments and monitor are used. */
const OLDEST = 7;

/**
 * Returns what cannot be of one QEMU in a record; undefined where all fits: its version has to take the arguments of a boot,
 * the machine type has to be of the machine and of no later version, and the accelerator has to be the one that every command
 * names. Distributions name machine types after themselves; of those only the kind is checked.
 */
export function machineProblem(record: RecordedMachine): MachineProblem | undefined {
  const { machine, machineResolved, qemuVersion, accelerator } = record;
  const version = /^(\d+)\.(\d+)\.\d+( \(.+\))?$/.exec(qemuVersion);
  if (version === null) {
    return {
      fact: 'qemuVersion',
      reason: `is of ${JSON.stringify(qemuVersion)}, which is no version of QEMU`,
    };
  }
  if (Number(version[1]) < OLDEST) {
    return { fact: 'qemuVersion', reason: `is of QEMU ${qemuVersion}, expected ${OLDEST}.0 or later` };
  }
  const prefix = RESOLVED[machine];
  if (!machineResolved.startsWith(prefix)) {
    return { fact: 'machineResolved', reason: `ran on ${machineResolved}, which is no ${machine}` };
  }
  const type = /^(\d+)\.(\d+)$/.exec(machineResolved.slice(prefix.length));
  const order = (parts: RegExpExecArray) => Number(parts[1]) * 1000 + Number(parts[2]);
  if (type !== null && order(type) > order(version)) {
    return {
      fact: 'machineResolved',
      reason: `ran on ${machineResolved}, which is later than QEMU ${qemuVersion}`,
    };
  }
  if (accelerator === 'tcg') return undefined;
  return { fact: 'accelerator', reason: `ran with ${accelerator}, where its command has tcg` };
}
