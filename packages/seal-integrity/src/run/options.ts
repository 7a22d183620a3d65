// SPDX-License-Identifier: Apache-2.0
import type { Anchoring } from '@latticra/held-files/anchor';
import type { RunMetadata, SealCommand } from '../report/findings.js';

/** Options of a run of Seal, with all that it knows of its process. */
export interface SealOptions {
  readonly command: SealCommand;
  /** The project root, absolute. */
  readonly root: string;
  /** The `project.id` that is expected; undefined where any will do. */
  readonly expectId?: string | undefined;
  /** Returns the time that the report gives. */
  readonly now: () => Date;
  /** The kernel that the report names, as `Linux 6.1.0`. */
  readonly kernel: string;
  /** The system that the report names, as `linux-x64`. */
  readonly os: string;
  /** The one way of holding folders to take, or to hold none; else the best there is. */
  readonly anchoring?: Anchoring | undefined;
  /**
   * A script whose main module calls `serveHelper` before anything else. With it a second thread helps where there
   * is enough to do: absolute, because with `cwd` the process goes about.
   */
  readonly helperScript?: string | undefined;
  /** Takes the number of bytes that each step read. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Takes the number of files that each step was done with. */
  readonly onFiles?: ((count: number) => void) | undefined;
  readonly signal: AbortSignal;
}

/** Returns what the report says of the time, the place and the command of a run. */
export function runMetadata({
  command,
  now,
  root,
  kernel,
  os,
}: Pick<SealOptions, 'command' | 'now' | 'root' | 'kernel' | 'os'>): Omit<RunMetadata, 'anchoring'> {
  return { command, timestamp: `${now().toISOString().slice(0, 19)}Z`, root, kernel, os };
}
