// SPDX-License-Identifier: Apache-2.0
import type { BootImageFormat } from '@latticra/vm-run';
import { type BootCase, caseName } from './matrix/cases.js';
import type { BootEvidence } from './matrix/matrix.js';

/** An image that is booted by itself, and what it has to show. */
export interface ImageToBoot {
  /** Absolute. */
  readonly path: string;
  readonly format: BootImageFormat;
  readonly expected: BootEvidence;
  readonly memoryMib: number;
  readonly timeoutMs: number;
}

/**
 * Returns the case that needs no matrix: an image by the name of its format, attached as such an image mostly is, on a machine that
 * SeaBIOS starts.
 */
export function imageCase({ path, format, expected, memoryMib, timeoutMs }: ImageToBoot): BootCase {
  const attach = format === 'iso' ? 'cdrom' : 'disk';
  const machine = {
    name: 'seabios',
    machine: 'pc-i440fx',
    firmware: 'seabios',
    expect: 'boot',
  } as const;
  const image = { ...expected, name: format, path, format, attach: [attach], timeoutMs, memoryMib } as const;
  return { name: caseName(image.name, attach, machine.name), image, attach, machine };
}
