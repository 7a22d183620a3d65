// SPDX-License-Identifier: Apache-2.0
import { type MeasureFileOptions, type Measurement, measureFile } from '@latticra/held-files';
import type { Tracker } from '../tracker.js';

/** A way to measure a file: `measureFile`, or one that shows how far it is. */
export type MeasureInput = (path: string, options?: MeasureFileOptions) => Promise<Measurement>;

/** Returns a way to measure with `measureFile` that shows how far it is, under the label `measuring <path>`. */
export function measureTracked(tracker: Tracker): MeasureInput {
  return (path, options) =>
    tracker.track(`measuring ${path}`, (onBytes) => measureFile(path, { ...options, onBytes }));
}
