// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, fileSource, ImageError } from '@latticra/disk-image';
import { openQcow2 } from '@latticra/disk-image/qcow2';
import { measureAndUse } from '@latticra/held-files';
import { VmRunError } from '../error.js';
import { assertImage } from '../image.js';
import type { SmokeChoice } from './plan.js';

/** What of an image is known to be the seed's own, by its bytes. */
export interface OwnParts {
  readonly loader: boolean;
  readonly kernel: boolean;
}

/** Returns whether all of a medium that runs is the seed's own. */
export function isSeedsOwn(own: OwnParts | undefined): boolean {
  return own?.loader === true && own.kernel;
}

/** A look for the parts of a medium, as a machine sees it, that are the seed's own. */
export type FindOwnParts = (image: ByteSource, format: 'iso' | 'disk') => OwnParts;

/** What was found in an image of this digest. */
export interface FoundParts {
  /** 64 hexadecimal digits of the whole file. */
  readonly sha256: string;
  readonly own: OwnParts;
}

/**
 * Looks for the seed's own parts in an image, in one read with its digest.
 * @throws VmRunError `bad-image`; HeldFileError
 */
export function readOwnParts(
  { path, format }: SmokeChoice['image'],
  find: FindOwnParts,
): Promise<FoundParts> {
  return measureAndUse(path, ({ fd, size }, { sha256 }) => {
    const file = fileSource(fd, size);
    assertImage(path, format, file);
    try {
      const medium = format === 'qcow2' ? openQcow2(file) : file;
      return { sha256, own: find(medium, format === 'iso' ? 'iso' : 'disk') };
    } catch (cause) {
      if (!(cause instanceof ImageError)) throw cause;
      throw new VmRunError('bad-image', `${path}: ${cause.message}`, { cause });
    }
  });
}
