// SPDX-License-Identifier: Apache-2.0
import { diskRootOffset, isoRootOffset } from '@latticra/linux-image';
import { IMAGE_FORMATS, type ImageFormat } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import type { BuildOptions } from './options.js';

/** Where the image of a root is written while it is made, so that it need not be written there again. */
export interface RootHome {
  /** The image that it lies in; undefined for a file of its own, which is gone in the end. */
  readonly format: ImageFormat | undefined;
  /** Name of the file in the folder of the build. */
  readonly name: string;
  /** Its first byte in that file. */
  readonly offset: number;
}

/**
 * Chooses where the image of a root is written. Its place in a qcow2 image depends on all else that is in that, which is
 * not known by then.
 */
export function rootHome(
  size: number,
  { formats, epoch }: Pick<BuildOptions, 'formats' | 'epoch'>,
): RootHome {
  const format = IMAGE_FORMATS.find((one) => one !== 'qcow2' && formats.has(one));
  if (format === undefined) return { format, name: 'root.img', offset: 0 };
  const offset = format === 'iso' ? isoRootOffset(size, epoch) : diskRootOffset();
  return { format, name: RELEASE_FILE[format], offset };
}
