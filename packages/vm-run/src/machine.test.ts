// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { machineProblem, type RecordedMachine } from './machine.js';

const GOOD: RecordedMachine = {
  machine: 'pc-i440fx',
  machineResolved: 'pc-i440fx-7.2',
  accelerator: 'tcg',
  qemuVersion: '7.2.0',
};

it.each<[Partial<RecordedMachine>, keyof RecordedMachine, string]>([
  [{ qemuVersion: 'new' }, 'qemuVersion', 'is of "new", which is no version of QEMU'],
  [{ qemuVersion: '6.2.0' }, 'qemuVersion', 'is of QEMU 6.2.0, expected 7.0 or later'],
  [{ qemuVersion: '7.2.0 ' }, 'qemuVersion', 'is of "7.2.0 ", which is no version of QEMU'],
  [{ machineResolved: 'pc-q35-7.2' }, 'machineResolved', 'ran on pc-q35-7.2, which is no pc-i440fx'],
  [{ machine: 'q35', machineResolved: 'q35' }, 'machineResolved', 'ran on q35, which is no q35'],
  [
    { machineResolved: 'pc-i440fx-8.0' },
    'machineResolved',
    'ran on pc-i440fx-8.0, which is later than QEMU 7.2.0',
  ],
  [{ accelerator: 'kvm' }, 'accelerator', 'ran with kvm, where its command has tcg'],
])('a record with %o cannot be of one QEMU', (changes, fact, reason) => {
  expect(machineProblem({ ...GOOD, ...changes })).toEqual({ fact, reason });
});

it('a record of a distribution’s QEMU, with machine types of its own, is not refused', () => {
  expect(machineProblem({ ...GOOD, qemuVersion: '7.2.9 (Debian 1:7.2+dfsg-7)' })).toBeUndefined();
  expect(machineProblem({ ...GOOD, machineResolved: 'pc-i440fx-rhel7.6.0' })).toBeUndefined();
});

it('a machine type is refused exactly when it is later than the QEMU that had it', () => {
  const number = fc.integer({ min: 0, max: 99 });
  fc.assert(
    fc.property(fc.integer({ min: 7, max: 99 }), number, number, number, (major, minor, ...type) => {
      const [otherMajor, otherMinor] = type;
      const found = machineProblem({
        ...GOOD,
        qemuVersion: `${major}.${minor}.0`,
        machineResolved: `pc-i440fx-${otherMajor}.${otherMinor}`,
      });
      const isLater = otherMajor > major || (otherMajor === major && otherMinor > minor);
      expect(found?.fact).toBe(isLater ? 'machineResolved' : undefined);
    }),
  );
});
