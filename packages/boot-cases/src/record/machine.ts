// SPDX-License-Identifier: Apache-2.0
import type { BootRecord } from './record.js';

/** The beginnings of the versioned machine types that the names of machines stand for. */
const RESOLVED: Record<BootRecord['machine'], string> = { 'pc-i440fx': 'pc-i440fx-', q35: 'pc-q35-' };

/**
 * Returns what cannot be of one QEMU in a record, in a sentence; undefined where all fits. Distributions name machine types
 * after themselves; of those only the kind is checked.
 */
export function machineProblem(record: BootRecord): string | undefined {
  const { machine, machineResolved, qemuVersion, accelerator, firmware, firmwareBefore } = record;
  const version = /^(\d+)\.(\d+)\.\d+( \(.+\))?$/.exec(qemuVersion);
  if (version === null) return `is of ${JSON.stringify(qemuVersion)}, which is no version of QEMU`;
  const prefix = RESOLVED[machine];
  if (!machineResolved.startsWith(prefix)) return `ran on ${machineResolved}, which is no ${machine}`;
  const type = /^(\d+)\.(\d+)$/.exec(machineResolved.slice(prefix.length));
  const order = (parts: RegExpExecArray) => Number(parts[1]) * 1000 + Number(parts[2]);
  if (type !== null && order(type) > order(version)) {
    return `ran on ${machineResolved}, which is later than QEMU ${qemuVersion}`;
  }
  if ((firmwareBefore.variables === undefined) !== (firmware === 'seabios')) {
    return `has a digest of UEFI variables or none, unlike what ${firmware} has`;
  }
  return accelerator === 'tcg' ? undefined : `ran with ${accelerator}, where its command has tcg`;
}
