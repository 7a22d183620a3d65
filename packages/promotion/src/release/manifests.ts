// SPDX-License-Identifier: Apache-2.0
import { posix, relative, sep } from 'node:path';
import { type FilePlace, pathOf } from '@latticra/held-files';
import type { AnchoredFile } from '@latticra/held-files/anchor';
import {
  type InspectedFile,
  inspectFile,
  type LoadedArtifactManifest,
  validateArtifacts,
} from '@latticra/manifest';
import { PromotionError } from '../error.js';
import { type Evidence, isOf, type Piece, type PieceOf, type Refused } from '../evidence/piece.js';
import { reasonFor } from '../evidence/reason.js';

/** An artifact manifest whose images were measured, looked into, and found as it says. */
export type ManifestPiece = PieceOf<'artifact-manifest'>;

/** Finds the pieces of the evidence by their paths. */
export type Lookup = ReadonlyMap<string, Piece>;

/** The manifests that hold, and those that do not. */
export interface CheckedManifests {
  readonly valid: readonly ManifestPiece[];
  readonly refused: readonly Refused[];
}

/**
 * Checks the artifact manifests of the evidence. One that a release was validated with was derived again there; of any other the
 * files that it names are compared, as they were measured already.
 */
export async function checkManifests(evidence: Evidence, byPath: Lookup): Promise<CheckedManifests> {
  const valid: ManifestPiece[] = [];
  const refused: Refused[] = [];
  const ofReleases = new Set(
    evidence.pieces.flatMap((piece) =>
      isOf(piece, 'build-record')
        ? [`${folderOf(piece.path)}${piece.content.validation.record.manifest.path}`]
        : [],
    ),
  );
  const refusals = new Map(evidence.refused.map(({ path, reason }) => [path, reason]));
  for (const piece of evidence.pieces) {
    if (!isOf(piece, 'artifact-manifest')) continue;
    try {
      if (!ofReleases.has(piece.path)) await validate(piece, evidence, { byPath, refusals });
      valid.push(piece);
    } catch (error) {
      refused.push({ path: piece.path, reason: withoutRoot(reasonFor(error), evidence.root) });
    }
  }
  return { valid, refused };
}

/** What the walk found. */
interface Known {
  readonly byPath: Lookup;
  /** Why a file was refused, by its path: it is not read once more. */
  readonly refusals: ReadonlyMap<string, string>;
}

async function validate(
  piece: ManifestPiece,
  { root, lent }: Pick<Evidence, 'root' | 'lent'>,
  known: Known,
): Promise<void> {
  const loaded: LoadedArtifactManifest = {
    path: piece.path,
    folder: posix.join(root, folderOf(piece.path)),
    sha256: piece.sha256,
    manifest: piece.content.manifest,
  };
  await validateArtifacts(loaded, { inspect: (place) => inspectOnce(place, { root, lent }, known) });
}

/** Returns what is known of an image that was read already; another one is read now. */
async function inspectOnce(
  place: FilePlace,
  { root, lent }: Pick<Evidence, 'root' | 'lent'>,
  { byPath, refusals }: Known,
): Promise<InspectedFile> {
  const path = pathOf(place);
  const inside = relative(root, path).split(sep).join('/');
  const refusal = refusals.get(inside);
  if (refusal !== undefined) throw new PromotionError('bad-evidence', `${inside}: ${refusal}`);
  const piece = byPath.get(inside);
  const inspection = piece?.content.kind === 'image' ? piece.content.inspection : undefined;
  if (piece === undefined || inspection === undefined)
    return inspectFile(placeOf(path, lent?.get(inside)) ?? place);
  const { size, sha256 } = piece;
  return { measurement: { path, size, sha256, sha1: '', sha512: '', head: new Uint8Array() }, inspection };
}

/** Returns the place of a file that lies elsewhere; undefined for one that does not. */
function placeOf(path: string, hold: (() => AnchoredFile) | undefined): FilePlace | undefined {
  return hold && { path, open: () => hold() };
}

/** Returns the folder of a path in the evidence: empty, or ending in a slash. */
export const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);

/** Takes the folder of the evidence out of a message, which is to be the same on another machine. */
const withoutRoot = (message: string, root: string) => message.replaceAll(`${root}/`, '');

/** Returns the piece that a manifest names by a path of its folder; undefined for none that was read. */
export function namedBy({ path }: Piece, named: string, root: string, byPath: Lookup): Piece | undefined {
  const absolute = posix.resolve(root, folderOf(path), named);
  return byPath.get(posix.relative(root, absolute));
}
