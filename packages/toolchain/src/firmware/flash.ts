// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fileSource, ImageError } from '@latticra/disk-image';
import { openQcow2 } from '@latticra/disk-image/qcow2';
import { errnoOf } from '@latticra/failure';
import { exhausted, ToolchainError } from '../error.js';

/** How the bytes of a flash chip lie in its file. */
export type FlashFormat = 'raw' | 'qcow2';

/** UEFI firmware in two files: the code, never written, and the template of its variable store. */
export interface UefiFirmware {
  readonly code: string;
  readonly codeFormat: FlashFormat;
  /** The template: a machine gets a copy, for the firmware writes to it. */
  readonly vars: string;
  readonly varsFormat: FlashFormat;
  /** Built for system management mode: it needs Q35 with `smm=on`, and prints nothing without. */
  readonly requiresSmm: boolean;
}

/** Returns the length in bytes of the regular file at `path`, or undefined where there is none or it cannot be seen. */
export function fileSize(path: string): number | undefined {
  try {
    // Most of the places where one is looked for have none: an answer costs less than an exception.
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true ? stats.size : undefined;
  } catch {
    return undefined;
  }
}

/** The content of a flash chip: its length in bytes, and how it lies in its file. */
interface Flash {
  readonly size: number;
  readonly format: FlashFormat;
}

const QCOW2_MAGIC = Buffer.from('QFI\xfb', 'latin1');

/**
 * Reads what a flash file is, by its content: whatever a descriptor says, QEMU is told what will work.
 * @throws ToolchainError `firmware-not-found`, `firmware-unreadable`
 */
function readFlash(path: string): Flash {
  const size = fileSize(path);
  if (size === undefined) throw new ToolchainError('firmware-not-found', `${path}: no such firmware file`);
  try {
    const fd = openSync(path, 'r');
    try {
      // Opening it refuses a file that needs another one: what the machine starts has to lie in its digest.
      return isQcow2(fd)
        ? { size: openQcow2(fileSource(fd, size)).size, format: 'qcow2' }
        : { size, format: 'raw' };
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    const lacking = exhausted(path, cause);
    if (lacking !== undefined) throw lacking;
    if (cause instanceof ImageError) throw unreadable(path, cause.message, cause, cause.fix);
    const errno = errnoOf(cause);
    if (errno === '') throw cause;
    throw unreadable(path, `cannot be read (${errno})`, cause);
  }
}

/** Returns whether an open file begins as one in qcow2 does. */
function isQcow2(fd: number): boolean {
  const magic = Buffer.alloc(QCOW2_MAGIC.length);
  return readSync(fd, magic, 0, magic.length, 0) === magic.length && magic.equals(QCOW2_MAGIC);
}

const unreadable = (path: string, what: string, cause: unknown, fix = 'install the firmware again') =>
  new ToolchainError('firmware-unreadable', `${path}: ${what}`, { cause, fix });

/**
 * Reads how code and variable store lie in their files, and checks that they fill one flash chip: they are cut from one
 * image whose length is a power of two (3,653,632 + 540,672 = 4 MiB, 1,966,080 + 131,072 = 2 MiB). A mixed pair starts,
 * and then loses every variable or faults.
 * @throws ToolchainError `firmware-not-found`, `firmware-unreadable`, `firmware-mismatched`
 */
export function readPair(code: string, vars: string): Omit<UefiFirmware, 'requiresSmm'> {
  const flashes = { code: readFlash(code), vars: readFlash(vars) };
  const sizes = [flashes.code.size, flashes.vars.size];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0 || (total & (total - 1)) !== 0) {
    throw new ToolchainError(
      'firmware-mismatched',
      `${code} and ${vars}: expected the two parts of one flash image, found ${sizes.join(' and ')} bytes`,
      { fix: 'name code and variable store of the same size, 2M or 4M' },
    );
  }
  return { code, codeFormat: flashes.code.format, vars, varsFormat: flashes.vars.format };
}
