// SPDX-License-Identifier: Apache-2.0

import { HeldFileError, measureFile } from '@latticra/held-files';
import { type FoundParts, readOwnParts, VmRunError } from '@latticra/vm-run';
import type { BootMatrix } from './matrix/matrix.js';
import { findOwnParts } from './own-parts/index.js';
import type { RecordSummary } from './record/summary.js';

/** The digests of a matrix's images as they are now, by the name of the image: 64 hexadecimal digits each. */
export type ImageDigests = ReadonlyMap<string, string>;

/**
 * Measures every image of a matrix, so that records can be held against it. An image that is not there has no digest.
 * @throws HeldFileError for one that cannot be read
 */
export async function measureImages({ images }: Pick<BootMatrix, 'images'>): Promise<ImageDigests> {
  const digests = new Map<string, string>();
  for (const { name, path } of images) {
    try {
      digests.set(name, (await measureFile(path)).sha256);
    } catch (error) {
      if (!(error instanceof HeldFileError && error.code === 'not-found')) throw error;
    }
  }
  return digests;
}

/** What of a matrix's images is the seed's own, and of which digest each was, by the name of the image. */
export type ImageParts = ReadonlyMap<string, FoundParts>;

/**
 * Looks into those images of a matrix of which a record says that loader or kernel is the seed's own; the others are not read
 * again. One that is not there, or no image any more, is left out.
 * @throws HeldFileError for one that cannot be read
 */
export async function findImageParts(
  { images }: Pick<BootMatrix, 'images'>,
  records: readonly Pick<RecordSummary, 'record'>[],
): Promise<ImageParts> {
  const said = new Set(records.filter(({ record }) => saysOwn(record)).map(({ record }) => record.imageName));
  const parts = new Map<string, FoundParts>();
  for (const { name, path, format } of images) {
    if (!said.has(name)) continue;
    try {
      parts.set(name, await readOwnParts({ path, format }, findOwnParts));
    } catch (error) {
      const isGone = error instanceof HeldFileError && error.code === 'not-found';
      if (!isGone && !(error instanceof VmRunError && error.code === 'bad-image')) throw error;
    }
  }
  return parts;
}

/** Returns whether a record says of any part of its image that it is the seed's own. */
function saysOwn({ own }: RecordSummary['record']): boolean {
  return own.loader === true || own.kernel === true;
}

/** Returns what a record says to be the seed's own that was not found to be, of the image that it names; undefined for nothing. */
export function foreignPart(
  record: RecordSummary['record'],
  parts: ImageParts,
): 'loader' | 'kernel' | undefined {
  const found = parts.get(record.imageName);
  const own = found?.sha256 === record.imageBefore ? found.own : undefined;
  return (['loader', 'kernel'] as const).find((part) => record.own[part] === true && own?.[part] !== true);
}
