// SPDX-License-Identifier: Apache-2.0
import type { Attachment, MachineName } from '@latticra/qemu-argv';
import type { BootImageFormat, SystemExpectation } from '@latticra/vm-run';

/** The evidence that a boot has to leave. */
export type BootEvidence = SystemExpectation;

/** An image, and the ways in which it is attached. */
export interface MatrixImage extends BootEvidence {
  readonly name: string;
  /** An absolute path. */
  readonly path: string;
  readonly format: BootImageFormat;
  readonly attach: readonly Attachment[];
  /** The longest that a guest of this image may take, and its memory. */
  readonly timeoutMs: number;
  readonly memoryMib: number;
}

/** Returns the part of an image that is its evidence. */
export function evidenceOf(image: BootEvidence): BootEvidence {
  const { lines, contains, patterns, prompt, forbid, forbidServices, buildId, exitCode } = image;
  return { lines, contains, patterns, prompt, forbid, forbidServices, buildId, exitCode };
}

/** How a machine is started: SeaBIOS, UEFI, or UEFI that verifies signatures. */
export type MatrixFirmware = 'seabios' | 'uefi' | 'uefi-secure-boot';

/** A machine that every image is started on. */
export interface MatrixMachine {
  readonly name: string;
  readonly machine: MachineName;
  readonly firmware: MatrixFirmware;
  /** The right outcome on this machine: the image boots, or the firmware refuses its loader. */
  readonly expect: 'boot' | 'refusal';
}

/** The images, and the machines that each is booted on. */
export interface BootMatrix {
  readonly images: readonly MatrixImage[];
  readonly machines: readonly MatrixMachine[];
  /** The longest that a guest may take. */
  readonly timeoutMs: number;
  readonly memoryMib: number;
}
