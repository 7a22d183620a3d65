// SPDX-License-Identifier: Apache-2.0
import { UNSIGNED_LOCAL } from '@latticra/manifest';
import { NAMESPACES } from '@latticra/signature';
import { isOf, type Piece } from '../evidence/piece.js';
import { manifestCommand } from '../next/manifest.js';
import { signCommand } from '../next/sign.js';
import { wrongEntry } from '../release/checksums.js';
import type { Context } from './context.js';
import { type Cited, missing, type Outcome, shown } from './outcome.js';

/** Says that the images were measured as the manifest says: it would not be there otherwise. */
export function artifactSha256(context: Context): Outcome {
  const { subject } = context;
  if (subject.images.size === 0) return missing('an image in the manifest', manifestCommand(context));
  return shown(subject.manifests[0]);
}

/** Says whether each image is signed, by itself or in a signed list of checksums, or its manifest declares it unsigned. */
export function artifactSignature(context: Context): Outcome {
  const { evidence, subject, signers } = context;
  const cited: Cited[] = [];
  for (const sha256 of subject.images) {
    let problem: string | undefined;
    let bad: Piece | undefined;
    let found: Cited | undefined;
    for (const piece of signable(context, sha256)) {
      const signed = signers.of(piece, NAMESPACES.artifact);
      if (signed.by !== undefined) found ??= piece;
      // A signature that does not hold is worse than none.
      else if (piece.signature !== undefined) {
        problem ??= signed.problem;
        bad ??= piece;
      }
    }
    const image = bad ?? evidence.pieces.find((piece) => piece.sha256 === sha256);
    const sign =
      image === undefined ? manifestCommand(context) : signCommand(image, NAMESPACES.artifact, signers);
    if (problem !== undefined) return missing(`a signature that holds: ${problem}`, sign);
    const declared = subject.manifests.find(({ content: { manifest } }) =>
      [manifest.iso, manifest.vmImage].some(
        (image) => image?.sha256 === sha256 && image.signaturePath === UNSIGNED_LOCAL,
      ),
    );
    found ??=
      declared ??
      evidence.pieces.find(
        (piece) => isOf(piece, 'unsigned-local') && piece.content.declared.sha256 === sha256,
      );
    if (found === undefined)
      return missing(`a signature of the image ${sha256}, or its declared status`, sign);
    cited.push(found);
  }
  const [first, ...others] = cited;
  return first === undefined ? artifactSha256(context) : shown(first, ...others);
}

/**
 * Lists what a signature of an image may be of: the image itself, and lists that have its digest. A list that says another digest of a
 * file beside it than that has is none of these.
 */
function signable({ evidence, byPath }: Context, sha256: string): readonly Piece[] {
  return evidence.pieces.filter(
    (piece) =>
      (isOf(piece, 'image') && piece.sha256 === sha256) ||
      (isOf(piece, 'checksums') &&
        piece.signature !== undefined &&
        piece.content.entries.some(({ hex }) => hex === sha256) &&
        wrongEntry(piece, byPath) === undefined),
  );
}
