// SPDX-License-Identifier: Apache-2.0

import { isOf, type PieceOf } from '../evidence/piece.js';
import { inEvidence } from '../next/command.js';
import { manifestCommand } from '../next/manifest.js';
import { sbomCommand } from '../next/sbom.js';
import { namedBy } from '../release/manifests.js';
import type { Context } from './context.js';
import { missing, type Outcome, shown } from './outcome.js';

/** Says whether each image has an SBOM without errors that lists it: the one that the manifest names. */
export function sbom(context: Context): Outcome {
  const found = sbomsOf(context);
  if ('missing' in found) return found;
  const [first, ...others] = found;
  return first === undefined
    ? missing('an image in the manifest', manifestCommand(context))
    : shown(first, ...others);
}

/** Says whether every package of those SBOMs declares a licence, or says why none is known (SPDX 2.3, 7.15 and 7.16). */
export function licences(context: Context): Outcome {
  const found = sbomsOf(context);
  if ('missing' in found) return found;
  const bare = found.find(({ content }) => content.sbom.unlicensed !== undefined);
  if (bare !== undefined) {
    const { unlicensed } = bare.content.sbom;
    return missing(`a licence of the package ${unlicensed} in ${bare.path}, or a comment why none is known`, {
      words: ['latticra-os-image-sbom-check', '--sbom', inEvidence(bare.path)],
    });
  }
  const empty = found.find(({ content }) => content.sbom.packages === 0);
  if (empty !== undefined)
    return missing(`a package in ${empty.path}`, {
      words: ['latticra-os-image-sbom-check', '--sbom', inEvidence(empty.path)],
    });
  return sbom(context);
}

/** Returns the SBOMs that the manifests name for the images, each once, or what is missing. */
function sbomsOf(context: Context): readonly PieceOf<'sbom'>[] | Outcome {
  const { subject, evidence, byPath } = context;
  const found = new Map<string, PieceOf<'sbom'>>();
  for (const sha256 of subject.images) {
    const named = subject.manifests.flatMap((piece) => {
      const { iso, vmImage } = piece.content.manifest;
      return [iso, vmImage].flatMap((image) =>
        image?.sha256 === sha256 ? [namedBy(piece, image.sbomPath, evidence.root, byPath)] : [],
      );
    });
    const listing = named.find(
      (piece): piece is PieceOf<'sbom'> =>
        piece !== undefined && isOf(piece, 'sbom') && piece.content.sbom.lists.has(sha256),
    );
    if (listing === undefined)
      return missing(
        `an SBOM without errors, named by the manifest, that lists ${sha256}`,
        sbomCommand(context, sha256),
      );
    found.set(listing.path, listing);
  }
  return [...found.values()];
}
