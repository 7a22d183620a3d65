// SPDX-License-Identifier: Apache-2.0
import { constants, statfsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { HeldFileError } from '../error.js';
import type { Anchoring } from './types.js';

/** The parts of the system that holding folders depends on; a test can have others. @internal */
export interface System {
  readonly constants: {
    readonly O_DIRECTORY?: unknown;
    readonly O_NOFOLLOW?: unknown;
    readonly O_NONBLOCK?: unknown;
  };
  readonly isMainThread: boolean;
  /** Returns the type of the file system at a path (`statfs`). */
  readonly fileSystemType: (path: string) => number;
}

/** The system that this runs on. @internal */
export const THIS_SYSTEM: System = {
  constants,
  isMainThread,
  fileSystemType: (path) => statfsSync(path).type,
};

/** The folder in which Linux shows a process its descriptors. @internal */
export const DESCRIPTORS = '/proc/self/fd';

/** PROC_SUPER_MAGIC, from linux/magic.h. */
const PROCFS = 0x9fa0;

/** Flags to `open` with. @internal */
export interface OpenFlags {
  /** Flags for a folder, or a link to one. */
  readonly root: number;
  /** Flags for a folder. */
  readonly folder: number;
  /** Flags for a file, without following a link and without waiting for the other end of a FIFO. */
  readonly file: number;
  /** Flags for a file that must not be there yet, to be written and read again. */
  readonly create: number;
}

/**
 * Returns the flags to open with, or undefined on a system that lacks one: it would be undefined there, and or-ed would
 * be nothing, so that the protection would be gone.
 */
export function openFlags(system: System): OpenFlags | undefined {
  const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = system.constants;
  if (!isFlag(O_DIRECTORY) || !isFlag(O_NOFOLLOW) || !isFlag(O_NONBLOCK)) return undefined;
  const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = constants;
  return {
    root: O_RDONLY | O_DIRECTORY | O_NONBLOCK,
    folder: O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK,
    file: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
    create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_NONBLOCK,
  };
}

function isFlag(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** Returns whether `/proc/self/fd` is what it looks like, and not some folder that was put there. */
export function hasProcfs(system: System): boolean {
  try {
    return system.fileSystemType(DESCRIPTORS) === PROCFS;
  } catch {
    return false;
  }
}

/**
 * Returns how folders can be held on a system, and the flags to open them with.
 * @throws HeldFileError `unsupported`, about `path`, when they cannot be, or not in the way that is `wanted`
 */
export function chooseAnchoring(
  path: string,
  wanted: Anchoring | undefined,
  system: System,
): { readonly anchoring: Anchoring; readonly flags: OpenFlags } {
  const flags = openFlags(system);
  if (flags === undefined)
    throw unsupported(path, 'this system cannot open a folder without following links');
  if (wanted === 'none') return { anchoring: 'none', flags };
  if (wanted !== 'cwd' && hasProcfs(system)) return { anchoring: 'procfs', flags };
  if (wanted === 'procfs') throw unsupported(path, `${DESCRIPTORS} is not there or not procfs`);
  if (!system.isMainThread) throw unsupported(path, 'only the main thread has a working directory to hold');
  return { anchoring: 'cwd', flags };
}

/** Makes the error `unsupported` about `path`. @internal */
export function unsupported(path: string, reason: string): HeldFileError {
  return new HeldFileError('unsupported', path, `cannot be held safely: ${reason}`, {
    fix: 'run this on Linux with /proc mounted, or on another Unix system',
  });
}
