// SPDX-License-Identifier: Apache-2.0

import { isOf, type PieceOf } from '../evidence/piece.js';
import { namedBy } from '../release/manifests.js';
import type { Context } from './context.js';
import { missing, type Outcome, shown } from './outcome.js';

const SBOM = ['latticra-os-image-sbom', '--help'];

/** Says whether each image has an SBOM without errors that lists it: the one that the manifest names. */
export function sbom(context: Context): Outcome {
  const found = sbomsOf(context);
  if (typeof found === 'string') return missing(found, SBOM);
  const [first, ...others] = found;
  return first === undefined ? missing('an image in the manifest', SBOM) : shown(first, ...others);
}

/** Says whether every package of those SBOMs declares a licence, or says why none is known (SPDX 2.3, 7.15 and 7.16). */
export function licences(context: Context): Outcome {
  const found = sbomsOf(context);
  if (typeof found === 'string') return missing(found, SBOM);
  const bare = found.find(({ content }) => content.sbom.unlicensed !== undefined);
  if (bare !== undefined) {
    const { unlicensed } = bare.content.sbom;
    return missing(`a licence of the package ${unlicensed} in ${bare.path}, or a comment why none is known`, [
      'latticra-os-image-sbom-check',
      '--sbom',
      bare.path,
    ]);
  }
  const empty = found.find(({ content }) => content.sbom.packages === 0);
  if (empty !== undefined) return missing(`a package in ${empty.path}`, SBOM);
  return sbom(context);
}

/** Returns the SBOMs that the manifests name for the images, each once, or what is missing. */
function sbomsOf({ subject, evidence, byPath }: Context): readonly PieceOf<'sbom'>[] | string {
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
    if (listing === undefined) return `an SBOM without errors, named by the manifest, that lists ${sha256}`;
    found.set(listing.path, listing);
  }
  return [...found.values()];
}
