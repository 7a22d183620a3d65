// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { type Attachment, type MachineName, qemuArgv } from '@latticra/qemu-argv';
import type { UefiFirmware } from '@latticra/toolchain';
import { VmRunError } from '../error.js';
import type { BootExpectation } from '../expectation.js';
import type { BootImageFormat } from '../image.js';
import type { FindOwnParts } from '../own.js';

/**
 * The firmware to boot with: SeaBIOS (`code` is its image; QEMU's own, and unmeasured, where none is named), or
 * UEFI code with the template of its variables.
 */
export type BootFirmware =
  | { readonly kind: 'seabios'; readonly code?: string }
  | ({ readonly kind: 'uefi' } & UefiFirmware);

/** One image to boot in QEMU. */
export interface BootRequest {
  /** Path of qemu-system-x86_64. */
  readonly program: string;
  readonly machine: MachineName;
  readonly firmware: BootFirmware;
  readonly image: { readonly path: string; readonly format: BootImageFormat };
  readonly attach: Attachment;
  readonly memoryMib: number;
  readonly cpus: number;
  /** The folder that takes `serial.log`, `qemu.log`, `qemu-argv.txt` and, where there is one, `screenshot.png`. */
  readonly outputDir: string;
  readonly timeoutMs: number;
  /**
   * Returns whether the run ends at this line: a whole one of COM1, without terminal sequences. At the first such
   * line the machine is stopped, and its screen kept.
   */
  readonly until?: (line: string) => boolean;
  /**
   * What the guest has to show, which does not end the machine itself: the run ends, in the same way, at the line or the
   * prompt that shows the last of it.
   */
  readonly shows?: BootExpectation;
  /** `snapshot`: the guest may write to its disk, which QEMU keeps to itself; it cannot (`readonly`) unless this is given. */
  readonly imageAccess?: 'readonly' | 'snapshot';
  /** The same as in `QemuMachine`: false takes isa-debug-exit away, so that the guest cannot end QEMU with it. */
  readonly debugExit?: boolean;
  /** Says what of the image is the seed's own, for the observation; without it nobody looks. */
  readonly findOwnParts?: FindOwnParts;
  /** A signal that ends the run: the promise rejects with `interrupted` when everything is gone. */
  readonly signal?: AbortSignal;
}

/** Returns the request with every path made absolute, for the child runs in a folder of its own. */
export function absoluteRequest(request: BootRequest): BootRequest {
  const { image } = request;
  return {
    ...request,
    program: resolve(request.program),
    image: { ...image, path: resolve(image.path) },
    outputDir: resolve(request.outputDir),
    firmware: absoluteFirmware(request.firmware),
  };
}

function absoluteFirmware(firmware: BootFirmware): BootFirmware {
  if (firmware.kind === 'uefi') {
    return { ...firmware, code: resolve(firmware.code), vars: resolve(firmware.vars) };
  }
  return firmware.code === undefined ? firmware : { ...firmware, code: resolve(firmware.code) };
}

/**
 * Refuses firmware that cannot start on the machine: firmware built for system management mode, as secure boot needs,
 * would hang on i440FX, which has none, without a word.
 * @throws VmRunError `machine`
 */
export function assertMachine({ machine, firmware }: BootRequest): void {
  if (firmware.kind === 'uefi' && firmware.requiresSmm && machine !== 'q35') {
    throw new VmRunError(
      'machine',
      `${firmware.code}: needs system management mode, which ${machine} lacks`,
      {
        fix: 'choose the machine q35, or firmware without secure boot',
      },
    );
  }
}

/** Returns the paths of a run's files in its temporary folder. */
export function runFiles(folder: string) {
  return {
    serial: join(folder, 'serial.log'),
    log: join(folder, 'qemu.log'),
    screenshot: join(folder, 'screenshot.png'),
    vars: join(folder, 'vars.fd'),
  };
}

/** Returns program and arguments of a run whose temporary files lie in `folder`; all paths are absolute. */
export function bootArgv(request: BootRequest, folder: string): string[] {
  const { program, firmware, machine, image, attach, memoryMib, cpus, debugExit, imageAccess } =
    absoluteRequest(request);
  const { vars, serial } = runFiles(folder);
  const argv = qemuArgv({
    machine,
    firmware: firmware.kind === 'seabios' ? firmware : { ...firmware, vars, varsAccess: 'private' },
    image: { path: image.path, format: image.format === 'qcow2' ? 'qcow2' : 'raw' },
    attach,
    memoryMib,
    cpus,
    serialLog: serial,
    ...(debugExit !== undefined && { debugExit }),
    ...(imageAccess !== undefined && { imageAccess }),
    qmpFd: 3,
  });
  return [program, ...argv];
}
