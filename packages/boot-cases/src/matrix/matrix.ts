// SPDX-License-Identifier: Apache-2.0
import type { Attachment, MachineName } from '@latticra/qemu-argv';
import type { BootImageFormat } from '@latticra/vm-run';

/** What a boot has to show. */
export interface BootEvidence {
  /** Each has to stand on the serial console, as a line of its own. */
  readonly lines: readonly string[];
  /** What the guest ends QEMU with; undefined: it is ended when the last of the lines was seen. */
  readonly exitCode: number | undefined;
}

/** An image, and the ways in which it is attached. */
export interface MatrixImage extends BootEvidence {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly format: BootImageFormat;
  readonly attach: readonly Attachment[];
}

/** How a machine is started: SeaBIOS, UEFI, or UEFI that verifies signatures. */
export type MatrixFirmware = 'seabios' | 'uefi' | 'uefi-secure-boot';

/** A machine that every image is started on. */
export interface MatrixMachine {
  readonly name: string;
  readonly machine: MachineName;
  readonly firmware: MatrixFirmware;
  /** What is right there: that the image boots, or that the firmware refuses its loader. */
  readonly expect: 'boot' | 'refusal';
}

/** Images by machines. */
export interface BootMatrix {
  readonly images: readonly MatrixImage[];
  readonly machines: readonly MatrixMachine[];
  /** What a guest may take. */
  readonly timeoutMs: number;
  readonly memoryMib: number;
}
