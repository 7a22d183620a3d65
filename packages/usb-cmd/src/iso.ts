// SPDX-License-Identifier: Apache-2.0
import { fileSource, ImageError } from '@latticra/disk-image';
import { type Inspection, inspect, requireIso } from '@latticra/disk-image/inspect';
import { errnoOf } from '@latticra/failure';
import {
  HeldFileError,
  isAbsent,
  type MeasureOptions,
  measureAndUse,
  readFailure,
} from '@latticra/held-files';
import { UsbCommandError } from './error.js';
import type { BlockedReason } from './reason.js';

/** An image that was measured, and looked into through the same descriptor. */
export interface InspectedIso {
  readonly measurement: {
    /** Bytes. */
    readonly size: number;
    /** 64 lower-case hexadecimal digits. */
    readonly sha256: string;
  };
  readonly inspection: Inspection;
}

/**
 * Measures an image and looks into it in one read; returns undefined where there is no file of that name.
 * @param options whose signal is asked for when the file is open
 * @throws HeldFileError for a file that is there but is no regular file, cannot be read, or changes meanwhile
 */
export async function inspectIfPresent(
  path: string,
  options: MeasureOptions,
): Promise<InspectedIso | undefined> {
  if (isAbsent(path)) return undefined;
  try {
    return await measureAndUse(
      path,
      ({ fd, size }, measurement) => ({ measurement, inspection: inspect(fileSource(fd, size)) }),
      options,
    );
  } catch (error) {
    if (error instanceof HeldFileError) {
      if (error.code === 'not-found') return undefined;
      throw error;
    }
    throw errnoOf(error) === '' ? error : readFailure(path, error);
  }
}

/** Why an image is not to be written to a stick, whatever the stick. */
export type IsoReason = Extract<BlockedReason, 'iso-not-usb-bootable'>;

/**
 * Returns why writing an image to a stick would come to nothing; undefined for one that firmware starts from a stick.
 * @param path of the image, for the message
 * @throws UsbCommandError `bad-image` for a file that is no ISO, or not all of one
 */
export function judgeIso(path: string, { inspection }: InspectedIso): IsoReason | undefined {
  const starts = startsOf(path, inspection);
  return starts.some(({ medium }) => medium === 'usb') ? undefined : 'iso-not-usb-bootable';
}

function startsOf(path: string, inspection: Inspection) {
  try {
    return requireIso(inspection).starts;
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    // A disk is written with the same command, but what this lane checks of an ISO it does not check of a disk.
    const fix = inspection.kind === 'disk' ? DISK_FIX : cause.fix;
    throw new UsbCommandError('bad-image', `${path}: ${cause.message}`, {
      cause,
      ...(fix !== undefined && { fix }),
    });
  }
}

const DISK_FIX =
  'name the ISO of the release; latticra-os-image-vm-test-command --format raw tries a disk image in a virtual machine';
