// SPDX-License-Identifier: Apache-2.0
import type { Anchoring } from '@latticra/held-files/anchor';
import type { RunMetadata, SealCommand } from '../report/findings.js';

/** A run of Seal, and what of the outside it may know. */
export interface SealOptions {
  readonly command: SealCommand;
  /** The project root, absolute. */
  readonly root: string;
  /** What `project.id` has to be; undefined where any will do. */
  readonly expectId?: string | undefined;
  /** For the report: when it was, as what kernel and system, as `Linux 6.1.0` and `linux-x64`. */
  readonly now: () => Date;
  readonly kernel: string;
  readonly os: string;
  /** Insists on one way of holding folders, or on holding none; else the best there is. */
  readonly anchoring?: Anchoring | undefined;
  /**
   * A script whose main module calls `serveHelper` before anything else. With it a second thread helps where there
   * is enough to do: absolute, because with `cwd` the process goes about.
   */
  readonly helperScript?: string | undefined;
  /** Called with the number of bytes each step read. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Called with the number of files each step was done with. */
  readonly onFiles?: ((count: number) => void) | undefined;
  readonly signal: AbortSignal;
}

/** What the report says of when, where and as what a run took place. */
export function runMetadata({
  command,
  now,
  root,
  kernel,
  os,
}: Pick<SealOptions, 'command' | 'now' | 'root' | 'kernel' | 'os'>): Omit<RunMetadata, 'anchoring'> {
  return { command, timestamp: `${now().toISOString().slice(0, 19)}Z`, root, kernel, os };
}
