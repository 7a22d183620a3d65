// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '../evidence/piece.js';
import type { Build } from '../release/build.js';
import type { Subject } from '../release/subject.js';

/** What there is of a release, of which commands are made. */
export interface Known {
  readonly evidence: Evidence;
  /** The builds that gave its images. */
  readonly builds: readonly Build[];
  readonly subject: Subject;
}
