// SPDX-License-Identifier: Apache-2.0
import type { Identity } from '@latticra/held-files/anchor';

/** Files of one folder that are to be read, by their names, each with what it was seen to be. */
export interface BatchPart {
  /** The folder, held open by the walk until the batch is done. */
  readonly folder: { readonly fd: number; readonly path: string; readonly stats: Identity };
  readonly names: readonly string[];
  /** Device and inode of each, in turn. */
  readonly identities: readonly bigint[];
}

/** What came of reading a file. */
export type FileOutcome =
  /** Its digest in hex, and the names of the markers that are in it. */
  | { readonly sha256: string; readonly found: readonly string[] }
  /** Why it could not be read as the file it was seen to be. */
  | { readonly failure: string };
