// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { type Attachment, type DiskFormat, type MachineName, qemuArgv } from '@latticra/qemu-argv';
import type { UefiFirmware } from '@latticra/toolchain';

/** The firmware to boot with: QEMU's own SeaBIOS, or UEFI code with the template of its variables. */
export type BootFirmware = { readonly kind: 'seabios' } | ({ readonly kind: 'uefi' } & UefiFirmware);

/** One image to boot in QEMU. */
export interface BootRequest {
  /** Path of qemu-system-x86_64. */
  readonly program: string;
  readonly machine: MachineName;
  readonly firmware: BootFirmware;
  readonly image: { readonly path: string; readonly format: DiskFormat };
  readonly attach: Attachment;
  readonly memoryMib: number;
  readonly cpus: number;
  /** Takes `serial.log`, `qemu.log`, `qemu-argv.txt` and, where there is one, `screenshot.png`. */
  readonly outputDir: string;
  readonly timeoutMs: number;
  /** Ends the run: the promise rejects with `interrupted` when everything is gone. */
  readonly signal?: AbortSignal;
}

/** The request with every path made absolute, for the child runs in a folder of its own. */
export function absoluteRequest(request: BootRequest): BootRequest {
  const { firmware, image } = request;
  return {
    ...request,
    program: resolve(request.program),
    image: { ...image, path: resolve(image.path) },
    outputDir: resolve(request.outputDir),
    firmware:
      firmware.kind === 'seabios'
        ? firmware
        : { ...firmware, code: resolve(firmware.code), vars: resolve(firmware.vars) },
  };
}

/** The files of a run in its throw-away folder. */
export function runFiles(folder: string) {
  return {
    serial: join(folder, 'serial.log'),
    log: join(folder, 'qemu.log'),
    screenshot: join(folder, 'screenshot.png'),
    vars: join(folder, 'vars.fd'),
  };
}

/** Program and arguments of a run whose throw-away files lie in `folder`; all paths are absolute. */
export function bootArgv(request: BootRequest, folder: string): string[] {
  const { program, firmware, machine, image, attach, memoryMib, cpus } = absoluteRequest(request);
  const { vars, serial } = runFiles(folder);
  const argv = qemuArgv({
    machine,
    firmware: firmware.kind === 'seabios' ? firmware : { ...firmware, vars, varsAccess: 'private' },
    image,
    attach,
    memoryMib,
    cpus,
    serialLog: serial,
    qmpFd: 3,
  });
  return [program, ...argv];
}
