// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import type { Attachment, MachineName } from '@latticra/qemu-argv';
import { formatCommand } from '@latticra/shell-words';
import {
  type Environment,
  type FirmwareRoots,
  findFirmware,
  findProgram,
  firmwareRoots,
  pairFirmware,
  requireProgram,
} from '@latticra/toolchain';
import { VmRunError } from '../error.js';
import type { BootExpectation } from '../expectation.js';
import type { BootImageFormat } from '../image.js';
import { assertMachine, type BootRequest, bootArgv } from '../qemu/request.js';
import { isRefusalLine } from '../refusal.js';
import type { EmbeddedBootRequest } from '../v86/observe.js';

/** The image to boot, and what the caller chose of emulator, firmware and machine. */
export interface SmokeChoice {
  /** An ISO, or the image of a disk. */
  readonly image: { readonly path: string; readonly format: BootImageFormat };
  /** `auto` takes QEMU where it is on PATH, else the embedded emulator. */
  readonly emulator: 'auto' | 'qemu' | 'v86';
  /** `auto` (SeaBIOS in QEMU, none in v86), `seabios`, `uefi`, or the path of UEFI code. */
  readonly firmware: string;
  /** `auto`, as by default, is Q35 for UEFI and i440FX for SeaBIOS; each can start on the other, too. */
  readonly machine?: 'auto' | MachineName;
  /** By default an ISO is a CD and a disk a disk. */
  readonly attach?: Attachment;
  readonly outputDir: string;
  readonly timeoutMs: number;
  /** 256 unless given; v86 has its own. */
  readonly memoryMib?: number;
  /**
   * What a system has to show that does not end the machine itself; QEMU then stops it, and keeps to itself what it writes to
   * its disk.
   */
  readonly shows?: BootExpectation;
  readonly env?: Environment;
  readonly roots?: FirmwareRoots;
  readonly signal?: AbortSignal;
}

/** The boot that will run. */
export type SmokePlan =
  | { readonly emulator: 'qemu'; readonly boot: BootRequest }
  | { readonly emulator: 'v86'; readonly boot: EmbeddedBootRequest };

const PROGRAM = 'qemu-system-x86_64';
const MEMORY_MIB = 256;

function chooseMachine(choice: SmokeChoice, roots: FirmwareRoots): Pick<BootRequest, 'machine' | 'firmware'> {
  const { firmware, machine = 'auto' } = choice;
  if (firmware === 'auto' || firmware === 'seabios') {
    return { machine: machine === 'auto' ? 'pc-i440fx' : machine, firmware: { kind: 'seabios' } };
  }
  const named = machine === 'auto' ? 'q35' : machine;
  const found = firmware === 'uefi' ? findFirmware({ machine: named }, roots) : pairFirmware(firmware, roots);
  return { machine: named, firmware: { kind: 'uefi', ...found } };
}

/**
 * Decides between the emulators, and finds program and firmware. Starts nothing.
 * @throws VmRunError `not-embedded` when v86 is asked for what only QEMU has, `machine` when the firmware cannot
 *   start on the machine
 * @throws ToolchainError when QEMU or firmware that was asked for is not there
 */
export function planSmoke(choice: SmokeChoice): SmokePlan {
  const { image, outputDir, timeoutMs, env = process.env, roots = firmwareRoots(env), signal } = choice;
  const common = { outputDir, timeoutMs, ...(signal && { signal }) };
  const hasMachine = choice.machine !== undefined && choice.machine !== 'auto';
  const needsQemu =
    choice.firmware !== 'auto' ||
    choice.attach !== undefined ||
    choice.memoryMib !== undefined ||
    choice.shows !== undefined ||
    hasMachine;
  if (choice.emulator === 'v86' && needsQemu) {
    throw new VmRunError('not-embedded', 'v86 starts the kernel without firmware and drives', {
      fix: 'leave out --firmware, --machine, --attach, --memory-mib and what is expected, or choose --emulator qemu',
    });
  }
  const program = choice.emulator === 'v86' ? undefined : findProgram(PROGRAM, env);
  if (program === undefined && choice.emulator !== 'qemu' && !needsQemu) {
    return { emulator: 'v86', boot: { ...common, image } };
  }
  const boot: BootRequest = {
    ...common,
    ...chooseMachine(choice, roots),
    program: program ?? requireProgram(PROGRAM, env),
    image,
    attach: choice.attach ?? (image.format === 'iso' ? 'cdrom' : 'disk'),
    memoryMib: choice.memoryMib ?? MEMORY_MIB,
    cpus: 1,
    until: isRefusalLine, // after which firmware waits for somebody to press a key
    ...(choice.shows && { shows: choice.shows, imageAccess: 'snapshot' as const }),
  };
  assertMachine(boot);
  return { emulator: 'qemu', boot };
}

/** Returns the shell command of a plan; undefined for v86, which runs inside this process. */
export function smokeCommand(plan: SmokePlan): string | undefined {
  if (plan.emulator === 'v86') return undefined;
  return formatCommand(bootArgv(plan.boot, join(resolve(plan.boot.outputDir), '<private-folder>')));
}
