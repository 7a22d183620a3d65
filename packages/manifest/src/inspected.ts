// SPDX-License-Identifier: Apache-2.0
import { fileSource, ImageError } from '@latticra/disk-image';
import { type Inspection, inspect } from '@latticra/disk-image/inspect';
import { errnoOf } from '@latticra/failure';
import {
  bytesIn,
  type FilePlace,
  type Measurement,
  type MeasureOptions,
  measureAndUse,
  pathOf,
  readFailure,
  type StableFile,
  withStableFile,
} from '@latticra/held-files';
import { ManifestError } from './error.js';
import type { Tracker } from './tracker.js';

/** A file that was measured and looked into through one descriptor: what was found lies in what was measured. */
export interface InspectedFile {
  readonly measurement: Measurement;
  readonly inspection: Inspection;
}

/** A way to measure a file and look into it: {@link inspectFile}, or one that copies it or shows how far it is. */
export type InspectInput = (file: FilePlace, options?: MeasureOptions) => Promise<InspectedFile>;

/**
 * Looks into a file that is held open.
 * @throws HeldFileError `io` where it cannot be read
 */
export function inspectOpen({ path, fd, size }: StableFile): Inspection {
  try {
    return inspect(fileSource(fd, size));
  } catch (cause) {
    throw errnoOf(cause) === '' ? cause : readFailure(path, cause);
  }
}

/** Measures a file and looks into it, both through one descriptor. @throws HeldFileError as `measureFile` */
export const inspectFile: InspectInput = (file, options) =>
  measureAndUse(file, (held, measurement) => ({ measurement, inspection: inspectOpen(held) }), options);

/** Returns {@link inspectFile}, or another way, with a display of how far it is, under the label `measuring <path>`. */
export function inspectTracked(tracker: Tracker, inspect: InspectInput = inspectFile): InspectInput {
  return (file, options) =>
    tracker.track(
      `measuring ${pathOf(file)}`,
      (onBytes) => inspect(file, { ...options, onBytes }),
      () => bytesIn(pathOf(file)),
    );
}

/**
 * Returns what `require` makes of what a file was found to be.
 * @param path of the file, for the message: `<path>: found xz data, expected an ISO 9660 image`
 * @throws ManifestError `format` where the file is something else, or contradicts its format
 */
export function requireContent<T>(
  path: string,
  inspection: Inspection,
  require: (inspection: Inspection) => T,
): T {
  try {
    return require(inspection);
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    const { message, fix } = cause;
    throw new ManifestError('format', `${path}: ${message}`, { cause, ...(fix !== undefined && { fix }) });
  }
}

/**
 * Looks into a file of which nothing but what it is matters, and returns what `require` makes of that.
 * @param place where the file lies
 * @param path of the file, for the message
 * @throws HeldFileError as `withStableFile`; ManifestError `format`
 */
export function requireFile<T>(
  place: FilePlace,
  path: string,
  require: (inspection: Inspection) => T,
): Promise<T> {
  return withStableFile(place, (file) => requireContent(path, inspectOpen(file), require));
}
