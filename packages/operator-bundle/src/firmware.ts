// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { VmTestFirmware } from '@latticra/qemu-argv';
import { type FirmwareRoots, surveyFirmware } from '@latticra/toolchain';

/** The firmware with which the VM test command starts the image. */
export type FirmwareChoice =
  | { readonly kind: 'seabios' }
  /** `code` is the path of a UEFI code file, or `auto` for the one that is installed. */
  | { readonly kind: 'uefi'; readonly code: string };

/**
 * Finds the chosen firmware on this machine. Firmware that is missing is reported in the document and is no error: the
 * machine that tests the image may have it.
 * @throws ToolchainError for firmware that is there but cannot be right
 */
export function findChosenFirmware(
  choice: FirmwareChoice,
  cwd: string,
  roots: FirmwareRoots | undefined,
): VmTestFirmware {
  if (choice.kind === 'seabios') return choice;
  // The command is run in the bundle's folder, so a path has to lead there from anywhere.
  return surveyFirmware(choice.code === 'auto' ? 'auto' : resolve(cwd, choice.code), 'q35', roots);
}
