// SPDX-License-Identifier: Apache-2.0

/** What a processor has to be to run a program. */
export type Architecture =
  | 'x86'
  | 'x86_64'
  | 'arm'
  | 'aarch64'
  | 'riscv32'
  | 'riscv64'
  | 'loongarch64'
  | 'ia64'
  | 'ppc'
  | 'ppc64'
  | 's390x'
  | 'mips'
  | 'unknown';

/** Machine types of the PE format. */
const MACHINES: Readonly<Record<number, Architecture>> = {
  332: 'x86',
  34404: 'x86_64',
  448: 'arm',
  450: 'arm',
  452: 'arm',
  43620: 'aarch64',
  20530: 'riscv32',
  20580: 'riscv64',
  25188: 'loongarch64',
  512: 'ia64',
};

/** Returns the architecture that a machine type of a PE header stands for. */
export const architectureOf = (machine: number): Architecture => MACHINES[machine] ?? 'unknown';
