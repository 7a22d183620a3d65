// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { ToolchainError } from '../error.js';

/** UEFI firmware in two raw files: the code, never written, and the template of its variable store. */
export interface UefiFirmware {
  readonly code: string;
  /** The template: a machine gets a copy, for the firmware writes to it. */
  readonly vars: string;
  /** Built for system management mode: it needs Q35 with `smm=on`, and prints nothing without. */
  readonly requiresSmm: boolean;
}

/** Returns the length in bytes of the regular file at `path`, or undefined where there is none or it cannot be seen. */
export function fileSize(path: string): number | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats.size : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks that code and variable store fill one flash chip: they are cut from one image whose length is a
 * power of two (3,653,632 + 540,672 = 4 MiB, 1,966,080 + 131,072 = 2 MiB). A mixed pair starts, and then loses
 * every variable or faults.
 * @throws ToolchainError `firmware-not-found`, `firmware-mismatched`
 */
export function assertPair(code: string, vars: string): void {
  const sizes = [code, vars].map((path) => {
    const size = fileSize(path);
    if (size === undefined) throw new ToolchainError('firmware-not-found', `${path}: no such firmware file`);
    return size;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0 || (total & (total - 1)) !== 0) {
    throw new ToolchainError(
      'firmware-mismatched',
      `${code} and ${vars}: expected the two parts of one flash image, found ${sizes.join(' and ')} bytes`,
      { fix: 'name code and variable store of the same size, 2M or 4M' },
    );
  }
}
