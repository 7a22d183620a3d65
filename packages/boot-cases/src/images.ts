// SPDX-License-Identifier: Apache-2.0
import { HeldFileError, measureFile } from '@latticra/held-files';
import type { BootMatrix } from './matrix/matrix.js';

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
