// SPDX-License-Identifier: Apache-2.0
import { type MeasureFileOptions, type Measurement, measureFile } from '@latticra/held-files';

/** A way to measure a file: `measureFile`, or one that shows how far it is. */
export type MeasureInput = (path: string, options?: MeasureFileOptions) => Promise<Measurement>;

/** A display of how far long work is, as the progress of a lane. */
export interface Tracker {
  track<T>(label: string, work: (advance: (bytes: number) => void) => Promise<T>): Promise<T>;
}

/** Returns a way to measure with `measureFile` that shows how far it is, under the label `measuring <path>`. */
export function measureTracked(tracker: Tracker): MeasureInput {
  return (path, options) =>
    tracker.track(`measuring ${path}`, (onBytes) => measureFile(path, { ...options, onBytes }));
}
