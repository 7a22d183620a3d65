// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { planVmTest, type VmTestRequest } from './vm-test-plan.js';

/**
 * Makes the VM test command document: a QEMU command for an operator to review and run. Nothing here runs it.
 * @throws QemuArgvError `bad-image` for an image that is not what it was named as, or that needs another file
 * @throws ShellWordError `unprintable` for a path that no command can carry
 */
export function vmTestCommand(request: VmTestRequest): EvidenceDocument {
  const { firmware, imagePath, imageFormat } = request;
  const { ready, image, machine, command } = planVmTest(request);
  const uefi = firmware.kind === 'uefi' ? firmware : undefined;
  const uefiPath = (path: string | undefined) => (uefi === undefined ? 'not-required' : (path ?? 'missing'));
  return {
    title: 'LATTICRA OS IMAGE VM TEST COMMAND TEMPLATE',
    fields: fields({
      template_status: 'ok',
      latticra_os_image_vm_test_command_template_present: 1,
      template_mode: 'no-effect-command-generator',
      template_decision: 'operator-review-required-no-qemu-execution',
      manifest_path: request.manifestPath ?? 'none',
      image_path: imagePath,
      image_format: imageFormat,
      image_exists: flag(image !== undefined),
      image_size_bytes: image?.size ?? 'missing',
      image_measurement: image === undefined ? 'missing' : formatDigest(image.sha256),
      firmware: firmware.kind,
      qemu_machine: machine.machine,
      memory_mib: machine.memoryMib,
      cpus: machine.cpus,
      serial_log_path: machine.serialLog,
      uefi_ovmf_required: flag(uefi !== undefined),
      uefi_firmware_path: uefiPath(uefi?.code),
      uefi_firmware_exists: flag(uefi?.codeExists === true),
      uefi_vars_template_path: uefiPath(uefi?.vars),
      vm_test_command_ready: flag(ready),
      qemu_test_command: command,
      checksum_verification_required: 1,
      serial_console_boot_log_required: 1,
      read_only_vm_evidence_required: 1,
      operator_recovery_path_required: 1,
      ...WITHHELD_AUTHORITY,
      qemu_run_performed: 0,
      qemu_boot_execution_recorded: 0,
      firmware_mutation_performed: 0,
      host_mutation_performed: 0,
      ...READINESS_CLAIMS,
    }),
    sections: [],
  };
}
