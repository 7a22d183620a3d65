// SPDX-License-Identifier: Apache-2.0
import type { Drive } from './drive.js';

/** What one guard holds a lane to. */
export interface Guard {
  /** The word before `: ok`. */
  readonly name: string;
  /** What it makes sure of, for `--help`. */
  readonly summary: string;
  /** @throws GuardFailure with the first fact that does not hold */
  check(drive: Drive): Promise<void>;
}
