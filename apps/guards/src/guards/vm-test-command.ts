// SPDX-License-Identifier: Apache-2.0
import { expectFields } from '../drive.js';
import { GuardFailure } from '../error.js';
import type { Guard } from '../guard.js';
import { QCOW2 } from '../release.js';

const LANE = 'latticra-os-image-vm-test-command';
const ZEROS = { qemu_execution_allowed_by_guard: 0, qemu_run_performed: 0, qemu_boot_execution_recorded: 0 };

export const vmTestCommand: Guard = {
  name: 'latticra_os_image_vm_test_command',
  summary: 'a QEMU command is printed that names the image and protects it, and is never run',
  async check(drive) {
    drive.file('my disk, v1.qcow2', QCOW2);
    const answer = await drive.accepts(LANE, '--image', 'my disk, v1.qcow2', '--format', 'qcow2');
    expectFields(answer, {
      ...ZEROS,
      template_status: 'ok',
      image_exists: 1,
      image_size_bytes: QCOW2.length,
      firmware: 'seabios',
      uefi_ovmf_required: 0,
      vm_test_command_ready: 1,
      read_only_vm_evidence_required: 1,
    });
    const command = answer.values.get('qemu_test_command') ?? '';
    for (const part of ['qemu-system-x86_64 ', 'readonly=on', 'format=qcow2', 'my disk,, v1.qcow2']) {
      if (!command.includes(part)) throw new GuardFailure(`${LANE}: expected ${part} in ${command}`);
    }
    expectFields(await drive.accepts(LANE, '--image', 'missing.iso', '--format', 'iso'), {
      ...ZEROS,
      image_exists: 0,
      vm_test_command_ready: 0,
    });
    expectFields(
      await drive.accepts(LANE, '--image', 'my disk, v1.qcow2', '--format', 'qcow2', '--firmware', 'uefi'),
      {
        ...ZEROS,
        uefi_ovmf_required: 1,
      },
    );
    await drive.refuses(LANE, ['--image', 'my disk, v1.qcow2'], 64, /--format: required/);
    await drive.refuses(LANE, ['--image', 'x', '--format', 'vmdk'], 64, /--format/);
  },
};
