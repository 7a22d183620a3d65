// SPDX-License-Identifier: Apache-2.0
import type { Drive } from './drive.js';

/** The check of one guard on a lane. */
export interface Guard {
  /** The name that is printed before `: ok`. */
  readonly name: string;
  /** The fact that the guard checks, for `--help`. */
  readonly summary: string;
  /**
   * Drives the lane and checks what it does.
   * @throws GuardFailure with the first fact that does not hold
   */
  check(drive: Drive): Promise<void>;
}
