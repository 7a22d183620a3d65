// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { PromotionError } from '../error.js';
import type { ManifestPiece } from './manifests.js';

/** The release that is evaluated: its images by their digests, 64 hexadecimal digits each. */
export interface Subject {
  /** Of one release, in several folders perhaps; at least one. */
  readonly manifests: readonly [ManifestPiece, ...ManifestPiece[]];
  readonly version: string;
  readonly tag: string;
  readonly iso: string | undefined;
  readonly vmImage: string | undefined;
  /** All of its images. */
  readonly images: ReadonlySet<string>;
}

/**
 * Finds the release that the evidence is of.
 * @param named the manifest of it, by its path in the evidence; the only release there is where undefined
 * @returns undefined where no manifest holds
 * @throws PromotionError `bad-evidence` for several releases of which none is named, or a name of none
 */
export function subjectOf(
  manifests: readonly ManifestPiece[],
  named: string | undefined,
): Subject | undefined {
  const wanted = named === undefined ? undefined : posix.normalize(named);
  const chosen = wanted === undefined ? manifests[0] : manifests.find(({ path }) => path === wanted);
  if (chosen === undefined) {
    if (named === undefined) return undefined;
    throw new PromotionError('bad-evidence', `${named}: is no artifact manifest of the evidence that holds`, {
      fix: 'name a manifest by its path in the folder of evidence',
    });
  }
  const other = manifests.find((each) => keyOf(each) !== keyOf(chosen));
  if (named === undefined && other !== undefined) {
    throw new PromotionError(
      'bad-evidence',
      `${chosen.path} and ${other.path} are manifests of different releases`,
      { fix: 'say which one is evaluated, with --artifact-manifest' },
    );
  }
  const { iso, vmImage, artifactVersion, sourceTag } = chosen.content.manifest;
  const rest = manifests.filter((each) => each !== chosen && keyOf(each) === keyOf(chosen));
  return {
    manifests: [chosen, ...rest],
    version: artifactVersion,
    tag: sourceTag,
    iso: iso?.sha256,
    vmImage: vmImage?.sha256,
    images: new Set([iso, vmImage].flatMap((image) => (image === undefined ? [] : [image.sha256]))),
  };
}

/** Returns what makes two manifests those of one release. */
function keyOf({ content: { manifest } }: ManifestPiece): string {
  const { artifactVersion, sourceTag, iso, vmImage } = manifest;
  return JSON.stringify([artifactVersion, sourceTag, iso?.sha256, vmImage?.sha256]);
}
