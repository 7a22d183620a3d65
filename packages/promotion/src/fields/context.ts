// SPDX-License-Identifier: Apache-2.0
import type { SourceTagStatus } from '@latticra/manifest';
import type { Evidence } from '../evidence/piece.js';
import type { Build } from '../release/build.js';
import type { Lookup } from '../release/manifests.js';
import type { AttestedBuild } from '../release/provenance.js';
import type { Signers } from '../release/signers.js';
import type { Subject } from '../release/subject.js';
import type { Logs } from './logs.js';

/** What the fields are derived from. */
export interface Context {
  readonly evidence: Evidence;
  readonly byPath: Lookup;
  readonly subject: Subject;
  /** The builds that gave images of this release, each once. */
  readonly builds: readonly Build[];
  /** What pinned builders say of images of this release: of their tag, environment and command, and of nothing else. */
  readonly attested: readonly AttestedBuild[];
  readonly signers: Signers;
  readonly logs: Logs;
  /** What the repository at hand says of the tag; a text is why it does not stand for the recorded commit. */
  readonly tag: SourceTagStatus | { readonly problem: string };
}
