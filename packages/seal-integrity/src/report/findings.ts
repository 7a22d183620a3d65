// SPDX-License-Identifier: Apache-2.0
import type { Anchoring } from '@latticra/held-files/anchor';
import type { Changes } from '../hash-list/compare.js';
import type { ModeCount } from '../scope/modes.js';
import type { Check, CheckResult } from './checks.js';

/**
 * The commands that check something and leave a report. `smoke` is the check of the legacy lane, with files of its own.
 */
export type SealCommand = 'check' | 'baseline' | 'verify' | 'smoke';

/** The place, the time and the command of a run. */
export interface RunMetadata {
  readonly command: SealCommand;
  /** The time to the second, in UTC: `2026-01-31T12:00:00Z`. */
  readonly timestamp: string;
  /** The project root, absolute. */
  readonly root: string;
  readonly kernel: string;
  readonly os: string;
  /** The way in which folders were held while they were walked; `none` where they were not. */
  readonly anchoring: Anchoring;
}

/** Everything that a report says. */
export interface Findings extends RunMetadata {
  readonly isManifestPresent: boolean;
  readonly isLockPresent: boolean;
  readonly results: readonly (readonly [Check, CheckResult])[];
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
  /** The changes since the lockfile; undefined where it was not compared. */
  readonly changes: Changes | undefined;
  /** The manifest's digest in hex; undefined where there was no manifest to be read. */
  readonly manifestSha256: string | undefined;
  /** The hash list's digest in hex; undefined where the scope could not be gone through. */
  readonly rootDigest: string | undefined;
  readonly hashedFiles: number;
  /** The modes that files have now; undefined where the scope could not be gone through. */
  readonly modes: ModeCount | undefined;
  /** The number of files that were left out as temporaries; undefined likewise. */
  readonly temporaries: number | undefined;
  /** The path of this run's hash list from the root; undefined where there is none. */
  readonly hashList: string | undefined;
}

/** Returns PASS where nothing failed. */
export function statusOf({ failures }: Pick<Findings, 'failures'>): 'PASS' | 'FAIL' {
  return failures.length === 0 ? 'PASS' : 'FAIL';
}
