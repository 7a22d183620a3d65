// SPDX-License-Identifier: Apache-2.0
import type { BuilderProvenance } from '@latticra/attestation';
import { type Evidence, isOf, type Piece, type Refused } from '../evidence/piece.js';
import type { Subject } from './subject.js';

/** What a pinned builder says of images of this release, and where. */
export interface AttestedBuild extends BuilderProvenance {
  readonly piece: Piece;
}

/** The provenances of a release, and those that are of something else. */
export interface AttestedBuilds {
  readonly found: readonly AttestedBuild[];
  readonly refused: readonly Refused[];
}

/** Finds what pinned builders say of the images of a release: by digest, and for its tag. */
export function provenancesOf({ pieces }: Evidence, subject: Subject): AttestedBuilds {
  const found: AttestedBuild[] = [];
  const refused: Refused[] = [];
  for (const piece of pieces) {
    if (!isOf(piece, 'attestation')) continue;
    for (const provenance of piece.content.attestations.provenances) {
      const problem = problemOf(provenance, subject);
      if (problem === undefined) found.push({ ...provenance, piece });
      else refused.push({ path: piece.path, reason: problem });
    }
  }
  return { found, refused };
}

function problemOf({ subjects, source }: BuilderProvenance, { images, tag }: Subject): string | undefined {
  if (!subjects.some((each) => images.has(each)))
    return 'is a provenance of other files than the images of this release';
  return source.sourceTag === tag
    ? undefined
    : `is a provenance of the tag ${source.sourceTag}, and the manifest says ${tag}`;
}
