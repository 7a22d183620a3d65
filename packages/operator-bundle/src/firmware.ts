// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { VmTestFirmware } from '@latticra/qemu-argv';
import {
  type FirmwareRoots,
  findFirmware,
  firmwareRoots,
  pairFirmware,
  ToolchainError,
  type UefiFirmware,
} from '@latticra/toolchain';

/** Firmware as an operator asks for it. */
export type FirmwareChoice =
  | { readonly kind: 'seabios' }
  /** `auto`, or the path of a code file. */
  | { readonly kind: 'uefi'; readonly path: string };

/**
 * Looks for the firmware that the VM test command is to name. What is not there is said in the document and
 * fails nothing: the machine that tests may have it.
 * @throws ToolchainError `firmware-mismatched`, `bad-descriptor`
 */
export function locateFirmware(
  choice: FirmwareChoice,
  cwd: string,
  roots: FirmwareRoots = firmwareRoots(),
): VmTestFirmware {
  if (choice.kind === 'seabios') return choice;
  const named = choice.path === 'auto' ? undefined : resolve(cwd, choice.path);
  const found = orMissing(() =>
    named === undefined ? findFirmware({ machine: 'q35' }, roots) : pairFirmware(named, roots),
  );
  if (found !== undefined) return { kind: 'uefi', ...found, codeExists: true };
  return {
    kind: 'uefi',
    code: named,
    codeExists: named !== undefined && existsSync(named),
    vars: undefined,
    requiresSmm: false,
  };
}

function orMissing(find: () => UefiFirmware): UefiFirmware | undefined {
  try {
    return find();
  } catch (error) {
    if (
      error instanceof ToolchainError &&
      (error.kind === 'tool-missing' || error.kind === 'input-missing')
    ) {
      return undefined;
    }
    throw error;
  }
}
