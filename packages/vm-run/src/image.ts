// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, fileSource, ImageError } from '@latticra/disk-image';
import { inspect, requireIso, requireKind, requireQcow2 } from '@latticra/disk-image/inspect';
import { type Measurement, measureAndUse } from '@latticra/held-files';
import { VmRunError } from './error.js';

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

/**
 * Measures an image and looks into it, through one descriptor.
 * @throws VmRunError as {@link assertImage}; HeldFileError when the file cannot be read, or changes meanwhile
 */
export function measureImage(path: string, format: BootImageFormat): Promise<Measurement> {
  return measureAndUse(path, ({ fd, size }, measurement) => {
    assertImage(path, format, fileSource(fd, size));
    return measurement;
  });
}
