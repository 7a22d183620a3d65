// SPDX-License-Identifier: Apache-2.0
import { arch, platform, release, type } from 'node:os';
import type { Anchoring } from '@latticra/held-files/anchor';
import type { RunMetadata, SealCommand } from '../report/findings.js';

/** Options of a run of Seal. */
export interface SealOptions {
  readonly command: SealCommand;
  /** The project root, absolute. */
  readonly root: string;
  /** The `project.id` that is expected; undefined where any will do. */
  readonly expectId?: string | undefined;
  /** Returns the time that the report gives: the clock's unless given. */
  readonly now?: () => Date;
  /** The kernel that the report names, as `Linux 6.1.0`: this machine's unless given. */
  readonly kernel?: string;
  /** The system that the report names, as `linux-x64`: this one unless given. */
  readonly os?: string;
  /** The one way of holding folders to take, or to hold none; else the best there is. */
  readonly anchoring?: Anchoring | undefined;
  /**
   * A script whose main module calls `serveHelper` before anything else. With it a second thread helps where there
   * is enough to do: absolute, because with `cwd` the process goes about.
   */
  readonly helperScript?: string | undefined;
  /**
   * Whether the process may be in the folders of the project for moments, in which it looks up their names in half the time: where nobody
   * has a relative path on its way to the system meanwhile, as an asynchronous call of `node:fs` has. With `procfs` alone; not unless given.
   */
  readonly mayChangeDirectory?: boolean | undefined;
  /** Takes the number of bytes that each step read. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Takes the number of files that each step was done with. */
  readonly onFiles?: ((count: number) => void) | undefined;
  /** Ends the run between two steps; nothing does unless given. */
  readonly signal?: AbortSignal | undefined;
}

/** Options with all that was not given filled in from this process and its machine. */
export interface SealRun extends SealOptions {
  readonly now: () => Date;
  readonly kernel: string;
  readonly os: string;
  readonly signal: AbortSignal;
}

/** Fills in what a run takes from its process and its machine, unless it was given. */
export function completeOptions(options: SealOptions): SealRun {
  return {
    ...options,
    now: options.now ?? (() => new Date()),
    kernel: options.kernel ?? `${type()} ${release()}`,
    os: options.os ?? `${platform()}-${arch()}`,
    signal: options.signal ?? new AbortController().signal,
  };
}

/** Returns what the report says of the time, the place and the command of a run. */
export function runMetadata({
  command,
  now,
  root,
  kernel,
  os,
}: Pick<SealRun, 'command' | 'now' | 'root' | 'kernel' | 'os'>): Omit<RunMetadata, 'anchoring'> {
  return { command, timestamp: `${now().toISOString().slice(0, 19)}Z`, root, kernel, os };
}
