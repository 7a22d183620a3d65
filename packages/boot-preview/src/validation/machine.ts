// SPDX-License-Identifier: Apache-2.0
import { type MachineProblem, machineProblem } from '@latticra/vm-run';
import { refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';

/** The fields of a record that say what {@link machineProblem} asks. */
const FIELD: Record<MachineProblem['fact'], string> = {
  qemuVersion: 'qemu_version',
  machineResolved: 'qemu_machine_resolved',
  accelerator: 'qemu_accelerator',
};

/**
 * Refuses a record in which QEMU's version, machine type and accelerator cannot be of one QEMU that ran the profile's command.
 * @throws BootPreviewError `record`
 */
export function checkMachine(record: HeldEvidence): void {
  const { evidence } = record;
  const problem = machineProblem({ ...evidence, machine: evidence.profile.qemuMachine });
  if (problem !== undefined) throw refusal('record', record.path, FIELD[problem.fact], problem.reason);
}
