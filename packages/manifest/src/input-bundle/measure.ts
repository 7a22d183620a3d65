// SPDX-License-Identifier: Apache-2.0
import { type MeasureFileOptions, type Measurement, measureFile } from '@latticra/held-files';

/** How an input is measured; `measureFile` unless somebody wants to see it. */
export type MeasureInput = (path: string, options?: MeasureFileOptions) => Promise<Measurement>;

/** Whoever shows how far long work is, as the progress of a lane does. */
export interface Tracker {
  track<T>(label: string, work: (advance: (bytes: number) => void) => Promise<T>): Promise<T>;
}

/** Measures with `measureFile`, and shows how far it is. */
export function measureTracked(tracker: Tracker): MeasureInput {
  return (path, options) =>
    tracker.track(`measuring ${path}`, (onBytes) => measureFile(path, { ...options, onBytes }));
}
