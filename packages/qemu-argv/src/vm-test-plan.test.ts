// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import { inspect } from '@latticra/disk-image/inspect';
import { parseCommand } from '@latticra/shell-words';
import { expect, it } from 'vitest';
import { QCOW2_DISK, sha256Of } from '../../../tools/testing/images.js';
import { planVmTest, QemuArgvError, qemuArgv, vmTestCommand } from './index.js';

const image = {
  measurement: { size: QCOW2_DISK.length, sha256: sha256Of(QCOW2_DISK) },
  inspection: inspect(bytesSource(QCOW2_DISK)),
};
const bare = { imagePath: 'os.qcow2', imageFormat: 'qcow2', firmware: { kind: 'seabios' } } as const;
const uefi = {
  kind: 'uefi',
  code: undefined,
  codeExists: false,
  codeFormat: 'raw',
  vars: undefined,
  varsFormat: 'raw',
  requiresSmm: false,
} as const;

it('a plan is made of an image and a firmware alone', () => {
  const plan = planVmTest({ ...bare, image });
  expect(plan).toMatchObject({
    ready: true,
    missing: [],
    image: image.measurement,
    machine: { machine: 'pc-i440fx', memoryMib: 2048, cpus: 2, serialLog: 'vm-serial.log' },
  });
  expect(plan.argv).toEqual(qemuArgv(plan.machine));
  expect(parseCommand(plan.command)).toEqual(['qemu-system-x86_64', ...plan.argv]);
});

it('what is not there is named, each for itself', () => {
  expect(planVmTest(bare)).toMatchObject({ ready: false, missing: ['image'], image: undefined });
  expect(planVmTest({ ...bare, firmware: uefi }).missing).toEqual(['image', 'uefi-code', 'uefi-vars']);
  const found = { ...uefi, code: '/fw/CODE.fd', codeExists: true };
  expect(planVmTest({ ...bare, image, firmware: found }).missing).toEqual(['uefi-vars']);
});

it('the document says what the plan says', () => {
  for (const request of [{ ...bare, image }, bare, { ...bare, image, firmware: uefi }]) {
    const plan = planVmTest(request);
    const values = Object.fromEntries(vmTestCommand(request).fields.map(({ key, value }) => [key, value]));
    expect(values).toMatchObject({
      manifest_path: 'none',
      vm_test_command_ready: plan.ready ? '1' : '0',
      qemu_test_command: plan.command,
      qemu_machine: plan.machine.machine,
      memory_mib: String(plan.machine.memoryMib),
    });
  }
});

it('an image that is not what it was named as has no plan', () => {
  expect(() => planVmTest({ ...bare, image, imageFormat: 'iso' })).toThrow(QemuArgvError);
});
