// SPDX-License-Identifier: Apache-2.0
import { type CopyOptions, copyOpen } from '../copy.js';
import { measureOpen } from '../measure.js';
import type { Measurement } from '../measurement.js';
import type { MeasureFileOptions } from '../sums.js';
import type { AnchoredFile } from './types.js';

/**
 * Reads a held file once, in constant memory, and returns its length, digest and head. It stays open: what is
 * looked for in it afterwards, through its descriptor, lies in what was measured if it then is still unchanged.
 * @throws HeldFileError `changed`, `io`
 */
export function measureHeld(file: AnchoredFile, options: MeasureFileOptions = {}): Promise<Measurement> {
  return whileUnchanged(file, () => measureOpen(file, options));
}

/**
 * Copies a held file to `to`, which must not exist, and sums it in the same pass; see `copyAndSum`.
 * @throws HeldFileError about the file `changed`, `io`; about `to` `exists`, `cannot-create`, `io`
 */
export function copyHeld(file: AnchoredFile, to: string, options: CopyOptions = {}): Promise<Measurement> {
  return whileUnchanged(file, () => copyOpen(file, to, options));
}

/**
 * Makes sure that the file is unchanged, before `work` as well: the descriptor of a closed file may be another's by
 * now.
 */
async function whileUnchanged<T>(file: AnchoredFile, work: () => Promise<T>): Promise<T> {
  file.assertUnchanged();
  const result = await work();
  file.assertUnchanged();
  return result;
}
