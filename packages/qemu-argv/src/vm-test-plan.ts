// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import type { ImageForm } from '@latticra/disk-image/inspect';
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
  /** The readiness fixture that guarded the run, for the document; `none` unless given. */
  readonly manifestPath?: string;
  readonly imagePath: string;
  /** An ISO is attached as a CD, the others as a disk. */
  readonly imageFormat: ImageForm;
  /** Undefined when there is no file at `imagePath` (yet). */
  readonly image?: InspectedImage | undefined;
  readonly firmware: VmTestFirmware;
  /** 2048 unless given. */
  readonly memoryMib?: number;
  /** 2 unless given. */
  readonly cpus?: number;
  /** `vm-serial.log` unless given. */
  readonly serialLog?: string;
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
    memoryMib: request.memoryMib ?? 2048,
    cpus: request.cpus ?? 2,
    serialLog: request.serialLog ?? 'vm-serial.log',
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

/** A boot of an image in QEMU, as a program asks for it: what the document says, as values. */
export interface VmTestPlan {
  /** The image is there, and so is the firmware. */
  readonly ready: boolean;
  /** What is not there yet. */
  readonly missing: readonly ('image' | 'uefi-code' | 'uefi-vars')[];
  /** Bytes and SHA-256 of the image; undefined when there is no file of that name. */
  readonly image: InspectedImage['measurement'] | undefined;
  readonly machine: QemuMachine;
  /** What QEMU is given after its program name; with `<uefi-code>` or `<uefi-vars-template>` for firmware that is not there. */
  readonly argv: readonly string[];
  /** One line for a POSIX shell, which makes the folder of the serial log as well. */
  readonly command: string;
}

/**
 * Plans a boot of an image in QEMU, and says as values what {@link vmTestCommand} says in a document. Nothing here runs it.
 *
 * @example
 * import { planVmTest } from '@latticra/qemu-argv';
 *
 * const { missing, command } = planVmTest({ imagePath: 'os.iso', imageFormat: 'iso', firmware: { kind: 'seabios' } });
 * console.log(missing, command); // [ 'image' ] qemu-system-x86_64 -nodefaults …
 *
 * @throws QemuArgvError `bad-image` for an image that is not what it was named as, or that needs another file
 * @throws ShellWordError `unprintable` for a path that no command can carry
 */
export function planVmTest(request: VmTestRequest): VmTestPlan {
  const { firmware, imagePath, imageFormat } = request;
  if (request.image !== undefined) assertImage(imagePath, request.image, imageFormat);
  const machine = machineOf(request);
  const missing: VmTestPlan['missing'][number][] = [];
  if (request.image === undefined) missing.push('image');
  if (firmware.kind === 'uefi' && !firmware.codeExists) missing.push('uefi-code');
  if (firmware.kind === 'uefi' && firmware.vars === undefined) missing.push('uefi-vars');
  return {
    ready: missing.length === 0,
    missing,
    image: request.image?.measurement,
    machine,
    argv: qemuArgv(machine),
    command: commandLine(machine),
  };
}
