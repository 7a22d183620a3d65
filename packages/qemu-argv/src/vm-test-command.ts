// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import type { ImageForm } from '@latticra/disk-image/inspect';
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { formatCommand, quoteWord } from '@latticra/shell-words';
import { type DiskFormat, type MachineFirmware, type QemuMachine, qemuArgv } from './argv.js';
import { assertImage, type InspectedImage } from './image.js';

/** The firmware that was asked for, as far as it was found. */
export type VmTestFirmware =
  | { readonly kind: 'seabios' }
  | {
      readonly kind: 'uefi';
      /** Undefined where none was named and none is installed. */
      readonly code: string | undefined;
      readonly codeExists: boolean;
      readonly codeFormat: DiskFormat;
      /** The template of the variable store; undefined where it was not found. */
      readonly vars: string | undefined;
      readonly varsFormat: DiskFormat;
      readonly requiresSmm: boolean;
    };

/** What the command is to test, and with what. */
export interface VmTestRequest {
  readonly manifestPath: string;
  readonly imagePath: string;
  /** An ISO is attached as a CD, the others as a disk. */
  readonly imageFormat: ImageForm;
  /** Undefined when there is no file at `imagePath` (yet). */
  readonly image: InspectedImage | undefined;
  readonly firmware: VmTestFirmware;
  readonly memoryMib: number;
  readonly cpus: number;
  readonly serialLog: string;
}

function machineOf(request: VmTestRequest): QemuMachine {
  const { firmware, imageFormat } = request;
  const machineFirmware: MachineFirmware =
    firmware.kind === 'seabios'
      ? firmware
      : {
          kind: 'uefi',
          code: firmware.code ?? '<uefi-code>',
          codeFormat: firmware.codeFormat,
          vars: firmware.vars ?? '<uefi-vars-template>',
          varsFormat: firmware.varsFormat,
          varsAccess: 'snapshot',
          requiresSmm: firmware.requiresSmm,
        };
  return {
    machine: firmware.kind === 'uefi' ? 'q35' : 'pc-i440fx',
    firmware: machineFirmware,
    image: { path: request.imagePath, format: imageFormat === 'qcow2' ? 'qcow2' : 'raw' },
    attach: imageFormat === 'iso' ? 'cdrom' : 'disk',
    // A system that mounts its root for writing fails on a disk that refuses it.
    imageAccess: 'snapshot',
    memoryMib: request.memoryMib,
    cpus: request.cpus,
    serialLog: request.serialLog,
  };
}

/**
 * Formats one line for a POSIX shell that begins with the program. QEMU does not make the folder of its serial
 * log, so a command substitution that expands to no word makes it.
 */
function commandLine(machine: QemuMachine): string {
  const folder = dirname(machine.serialLog);
  const program =
    folder === '.' ? 'qemu-system-x86_64' : `qemu-system-x86_64 $(mkdir -p -- ${quoteWord(folder)})`;
  return `${program} ${formatCommand(qemuArgv(machine))}`;
}

/**
 * Makes the VM test command document: a QEMU command for an operator to review and run. Nothing here runs it.
 * @throws QemuArgvError `bad-image` for an image that is not what it was named as, or that needs another file
 * @throws ShellWordError `unprintable` for a path that no command can carry
 */
export function vmTestCommand(request: VmTestRequest): EvidenceDocument {
  const { firmware, imagePath, imageFormat } = request;
  if (request.image !== undefined) assertImage(imagePath, request.image, imageFormat);
  const image = request.image?.measurement;
  const machine = machineOf(request);
  const uefi = firmware.kind === 'uefi' ? firmware : undefined;
  const firmwareReady = uefi === undefined || (uefi.codeExists && uefi.vars !== undefined);
  const uefiPath = (path: string | undefined) => (uefi === undefined ? 'not-required' : (path ?? 'missing'));
  return {
    title: 'LATTICRA OS IMAGE VM TEST COMMAND TEMPLATE',
    fields: fields({
      template_status: 'ok',
      latticra_os_image_vm_test_command_template_present: 1,
      template_mode: 'no-effect-command-generator',
      template_decision: 'operator-review-required-no-qemu-execution',
      manifest_path: request.manifestPath,
      image_path: imagePath,
      image_format: imageFormat,
      image_exists: flag(image !== undefined),
      image_size_bytes: image?.size ?? 'missing',
      image_measurement: image === undefined ? 'missing' : formatDigest(image.sha256),
      firmware: firmware.kind,
      qemu_machine: machine.machine,
      memory_mib: request.memoryMib,
      cpus: request.cpus,
      serial_log_path: request.serialLog,
      uefi_ovmf_required: flag(uefi !== undefined),
      uefi_firmware_path: uefiPath(uefi?.code),
      uefi_firmware_exists: flag(uefi?.codeExists === true),
      uefi_vars_template_path: uefiPath(uefi?.vars),
      vm_test_command_ready: flag(image !== undefined && firmwareReady),
      qemu_test_command: commandLine(machine),
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
