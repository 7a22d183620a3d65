// SPDX-License-Identifier: Apache-2.0
import { NONE } from '@latticra/evidence-format/define';
import { type Evidence, isOf, type Piece } from '../evidence/piece.js';
import type { Build } from './build.js';
import { type Lookup, namedBy } from './manifests.js';

/** Lists the texts of the evidence that are no runbook of any release in it, and belong to no document. */
export function unnamedTexts(
  { pieces, root }: Evidence,
  byPath: Lookup,
  builds: readonly Build[],
): readonly Piece[] {
  const runbooks = new Set<string | undefined>(builds.map(({ recovery }) => recovery));
  for (const piece of pieces) {
    if (!isOf(piece, 'artifact-manifest')) continue;
    const { operatorRecoveryPath: path } = piece.content.manifest;
    if (path !== NONE) runbooks.add(namedBy(piece, path, root, byPath)?.sha256);
  }
  return pieces.filter((piece) => piece.content.kind === 'text' && !runbooks.has(piece.sha256));
}
