// SPDX-License-Identifier: Apache-2.0

/** What a page carries beside what it has to say: left out, in this order, where it would grow too large. */
export interface Detailed {
  readonly screens: boolean;
  readonly logs: boolean;
  readonly packages: boolean;
  /** Each boot that is as expected, where they are told in groups. */
  readonly boots: boolean;
  /** The most rows of files. */
  readonly files: number;
}
