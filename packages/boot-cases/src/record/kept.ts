// SPDX-License-Identifier: Apache-2.0
import type { SmallFile } from '@latticra/held-files';
import type { AnchoredFile } from '@latticra/held-files/anchor';

/** The most bytes that are kept at once: ten thousand records of boots that went well, with a short log, have fewer. */
const MAX_KEPT_BYTES = 32 << 20;

/** Files of records, as they were read when these were verified, for whoever is to copy them afterwards. */
export interface KeptFiles {
  /** Keeps the files of a record, as far as there is room. @param record by which they are found again */
  keep(record: object, files: readonly SmallFile[]): void;
  /** Hands over the files of a record, and keeps them no longer; undefined where there was no room. */
  take(record: object): readonly SmallFile[] | undefined;
}

/** Makes it, with nothing in it. @param maxBytes the most that is kept at once, unless a test says otherwise */
export function createKeptFiles(maxBytes = MAX_KEPT_BYTES): KeptFiles {
  const kept = new Map<object, readonly SmallFile[]>();
  let bytes = 0;
  return {
    keep(record, files) {
      const size = sizeOf(files);
      if (bytes + size > maxBytes) return;
      kept.set(record, files);
      bytes += size;
    },
    take(record) {
      const files = kept.get(record);
      if (files === undefined) return undefined;
      kept.delete(record);
      bytes -= sizeOf(files);
      return files;
    },
  };
}

const sizeOf = (files: readonly SmallFile[]) => files.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Returns a file that was read as it is to be made elsewhere. */
export function asSmallFile({ stats }: AnchoredFile, name: string, bytes: Uint8Array): SmallFile {
  // Whoever copies owns the copy and may write it; nobody else may do more with it than with the source.
  return { name, bytes, mode: 0o666 & (Number(stats.mode) | 0o600) };
}
