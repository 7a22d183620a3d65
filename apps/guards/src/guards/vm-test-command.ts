// SPDX-License-Identifier: Apache-2.0
import { expectFields } from '../drive.js';
import { GuardFailure } from '../error.js';
import type { Guard } from '../guard.js';
import { ISO, QCOW2 } from '../release.js';

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
    for (const part of ['qemu-system-x86_64 ', 'snapshot=on', 'format=qcow2', 'my disk,, v1.qcow2']) {
      if (!command.includes(part)) throw new GuardFailure(`${LANE}: expected ${part} in ${command}`);
    }
    const missing = await drive.accepts(LANE, '--image', 'missing.iso', '--format', 'iso');
    expectFields(missing, { ...ZEROS, image_exists: 0, vm_test_command_ready: 0 });
    const disc = missing.values.get('qemu_test_command') ?? '';
    if (!disc.includes('readonly=on')) throw new GuardFailure(`${LANE}: expected readonly=on in ${disc}`);
    expectFields(
      await drive.accepts(LANE, '--image', 'my disk, v1.qcow2', '--format', 'qcow2', '--firmware', 'uefi'),
      {
        ...ZEROS,
        uefi_ovmf_required: 1,
      },
    );
    // What the guest sees has to lie in the file: this one says that it shows through to another.
    const overlay = Buffer.from(QCOW2);
    overlay.write('base', 256, 'latin1');
    overlay.writeUInt32BE(256, 12);
    overlay.writeUInt32BE(4, 16);
    for (const [content, format, found] of [
      [QCOW2, 'raw', /found a qcow2 image/],
      [ISO, 'qcow2', /found an ISO 9660 image/],
      ['', 'iso', /found an empty file/],
      [QCOW2.subarray(0, 4), 'qcow2', /has 4 bytes/],
      [overlay, 'qcow2', /backing file/],
    ] as const) {
      await drive.refuses(LANE, ['--image', drive.file('other', content), '--format', format], 65, found);
    }
    await drive.refuses(LANE, ['--image', 'my disk, v1.qcow2'], 64, /--format: required/);
    await drive.refuses(LANE, ['--image', 'x', '--format', 'vmdk'], 64, /--format/);
  },
};
