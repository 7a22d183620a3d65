// SPDX-License-Identifier: Apache-2.0
import type { ReleaseValidation } from '@latticra/linux-release';

/** A length in bytes, and a digest of 64 hexadecimal digits. */
export interface Sum {
  readonly size: number;
  readonly sha256: string;
}

/** Returns what the validator of a release measured of its large files, by their names: they are not read once more. */
export function measuredByRelease({ record, images }: ReleaseValidation): ReadonlyMap<string, Sum> {
  const found = new Map<string, Sum>([[record.uki.path, record.uki]]);
  for (const format of ['iso', 'qcow2', 'raw'] as const) {
    const [file, sum] = [record[format], images[format]];
    if (file !== undefined && sum !== undefined) found.set(file.path, sum);
  }
  return found;
}
