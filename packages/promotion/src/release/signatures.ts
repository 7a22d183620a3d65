// SPDX-License-Identifier: Apache-2.0
import { NAMESPACES, type Namespace } from '@latticra/signature';
import type { Evidence, Kind, Piece, Refused } from '../evidence/piece.js';
import type { Signers } from './signers.js';

/** What a signature beside a piece of each kind has to be for. Reviews are looked at with what they review. */
const FOR: Partial<Record<Kind, Namespace>> = {
  'build-record': NAMESPACES.build,
  'seed-build-record': NAMESPACES.build,
  'boot-record': NAMESPACES.boot,
  transcript: NAMESPACES.transcript,
  image: NAMESPACES.artifact,
  checksums: NAMESPACES.artifact,
};

/** Finds the signatures that do not hold, each by its name: also those without which a field is shown by something else. */
export function refusedSignatures({ pieces }: Evidence, signers: Signers): Refused[] {
  return pieces.flatMap((piece): Refused[] => {
    const { signature } = piece;
    const problem = signature === undefined ? undefined : problemOf(piece, signers);
    return signature === undefined || problem === undefined
      ? []
      : [{ path: signature.path, reason: problem }];
  });
}

function problemOf(piece: Piece, signers: Signers): string | undefined {
  const namespace = FOR[piece.content.kind];
  if (namespace !== undefined && signers.canTell) return signers.of(piece, namespace).problem;
  return piece.content.kind === 'review' ? undefined : signers.mismatch(piece);
}
