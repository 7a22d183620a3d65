// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, fileSource, ImageError } from '@latticra/disk-image';
import { inspect, requireIso, requireKind, requireQcow2 } from '@latticra/disk-image/inspect';
import { openQcow2 } from '@latticra/disk-image/qcow2';
import { type Measurement, measureAndUse } from '@latticra/held-files';
import { VmRunError } from './error.js';
import type { FindOwnParts, OwnParts } from './own.js';

/** The format of an image: an ISO 9660 volume, or a disk in a qcow2 file or raw. */
export type BootImageFormat = 'iso' | 'raw' | 'qcow2';

/**
 * Refuses an image that is not what it is to be booted as, by its content, or that needs more than its own bytes: what a
 * guest sees has to lie in the digest. Raw is any medium as a machine sees it, an ISO too.
 * @throws VmRunError `bad-image` with what was found, and what to do about it
 */
export function assertImage(path: string, format: BootImageFormat, source: ByteSource): void {
  const inspection = inspect(source);
  try {
    if (format === 'qcow2') requireQcow2(inspection);
    else if (format === 'iso') requireIso(inspection);
    else requireKind(inspection, ['disk', 'iso9660', 'file-system'], 'a raw disk image');
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    const { fix } = cause;
    throw new VmRunError('bad-image', `${path}: ${cause.message}`, {
      cause,
      ...(fix !== undefined && { fix }),
    });
  }
}

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
export async function readOwnParts(
  { path, format }: { readonly path: string; readonly format: BootImageFormat },
  find: FindOwnParts,
): Promise<FoundParts> {
  return measureAndUse(path, ({ fd, size }, { sha256 }) => {
    const file = fileSource(fd, size);
    assertImage(path, format, file);
    return { sha256, own: ownParts(path, format, file, find) };
  });
}

/**
 * Measures an image and looks into it, through one descriptor.
 * @param find looks for the seed's own parts; without it nobody does
 * @throws VmRunError as {@link assertImage}; HeldFileError when the file cannot be read, or changes meanwhile
 */
export function measureImage(
  path: string,
  format: BootImageFormat,
  find?: FindOwnParts,
): Promise<{ readonly measurement: Measurement; readonly own: OwnParts | undefined }> {
  return measureAndUse(path, ({ fd, size }, measurement) => {
    const file = fileSource(fd, size);
    assertImage(path, format, file);
    return { measurement, own: find && ownParts(path, format, file, find) };
  });
}

function ownParts(path: string, format: BootImageFormat, file: ByteSource, find: FindOwnParts): OwnParts {
  try {
    const medium = format === 'qcow2' ? openQcow2(file) : file;
    return find(medium, format === 'iso' ? 'iso' : 'disk');
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw new VmRunError('bad-image', `${path}: ${cause.message}`, { cause });
  }
}
