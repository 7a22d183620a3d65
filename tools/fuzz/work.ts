// SPDX-License-Identifier: Apache-2.0
import type { Finding } from './engine/fuzz.js';

/** The work of one thread. */
export interface Work {
  /** Names of targets, tried one after the other. */
  readonly targets: readonly string[];
  readonly seed: number;
  /** Sound inputs besides those of a target, by its name. */
  readonly seeds: Readonly<Record<string, readonly Uint8Array[]>>;
  /** A target ends after so many runs, or after so long, whatever comes first. */
  readonly runs: number;
  readonly limitMs: number;
  /** The input that is being read. */
  readonly current: SharedArrayBuffer;
  /** Numbers of 32 bits: see {@link PROGRESS}. */
  readonly progress: SharedArrayBuffer;
}

/** Where in `progress` what stands: the runs that were begun in all, the bytes of the input, the target by its place. */
export const PROGRESS = { runs: 0, bytes: 1, target: 2, length: 3 } as const;

/** What came of one target. */
export interface Answer {
  readonly target: string;
  readonly runs: number;
  readonly branches: readonly number[];
  readonly soundBranches: readonly number[];
  readonly corpus: number;
  readonly findings: readonly Finding[];
}
