// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '@latticra/disk-image';

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
