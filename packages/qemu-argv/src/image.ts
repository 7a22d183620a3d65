// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '@latticra/disk-image';
import { type ImageForm, type Inspection, requireImage, requireIso } from '@latticra/disk-image/inspect';
import { QemuArgvError } from './error.js';

/** An image that was measured, and looked into through the same descriptor. */
export interface InspectedImage {
  readonly measurement: {
    /** Bytes. */
    readonly size: number;
    /** 64 lower-case hexadecimal digits. */
    readonly sha256: string;
  };
  readonly inspection: Inspection;
}

/**
 * Refuses an image that is not what it was named as, or that shows a guest more than its own bytes.
 * @param path of the image, for the message
 * @throws QemuArgvError `bad-image` with what was found, and what to do about it
 */
export function assertImage(path: string, { inspection }: InspectedImage, form: ImageForm): void {
  try {
    // A stick that an ISO was written to is a disk and an ISO, and starts as either.
    if (form === 'raw' && isHybrid(inspection)) requireIso(inspection);
    else requireImage(inspection, form);
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    const { fix } = cause;
    throw new QemuArgvError('bad-image', `${path}: ${cause.message}`, {
      cause,
      ...(fix !== undefined && { fix }),
    });
  }
}

/** Returns whether a machine sees a partition table, or a boot sector, in front of an ISO. */
const isHybrid = ({ kind, facts }: Inspection) => kind === 'iso9660' && facts?.system.scheme !== 'none';
