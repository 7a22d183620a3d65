// SPDX-License-Identifier: Apache-2.0
import { NONE } from '@latticra/evidence-format/define';
import { manifestCommand } from '../next/manifest.js';
import { namedBy } from '../release/manifests.js';
import type { Context } from './context.js';
import { missing, type Outcome, shown } from './outcome.js';

/** Says whether the runbook that manifest or build name is there, and is a text. */
export function recoveryPath(context: Context): Outcome {
  const { subject, builds, evidence, byPath } = context;
  for (const piece of subject.manifests) {
    const { operatorRecoveryPath } = piece.content.manifest;
    if (operatorRecoveryPath === NONE) continue;
    const named = namedBy(piece, operatorRecoveryPath, evidence.root, byPath);
    if (named !== undefined && named.size > 0 && named.content.kind === 'text') return shown(named);
  }
  const digests = new Set(builds.map(({ recovery }) => recovery));
  const runbook = evidence.pieces.find(
    ({ sha256, content }) => content.kind === 'text' && digests.has(sha256),
  );
  if (runbook !== undefined) return shown(runbook);
  return missing('the recovery runbook, as a file that the manifest names', manifestCommand(context));
}
