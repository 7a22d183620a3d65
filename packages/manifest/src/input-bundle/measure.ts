// SPDX-License-Identifier: Apache-2.0
import {
  type MeasureFileOptions,
  type Measurement,
  measureOpen,
  type StableFile,
} from '@latticra/held-files';
import type { Tracker } from '../tracker.js';

/** A way to measure a file that is held open: `measureOpen`, or one that shows how far it is. */
export type MeasureInput = (file: StableFile, options?: MeasureFileOptions) => Promise<Measurement>;

/** Returns a way to measure with `measureOpen` that shows how far it is, under the label `measuring <path>`. */
export function measureTracked(tracker: Tracker): MeasureInput {
  return (file, options) =>
    tracker.track(
      `measuring ${file.path}`,
      (onBytes) => measureOpen(file, { ...options, onBytes }),
      file.size,
    );
}
