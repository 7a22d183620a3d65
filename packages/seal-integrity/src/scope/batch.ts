// SPDX-License-Identifier: Apache-2.0
import type { Identity } from '@latticra/held-files/anchor';

/** Files of one folder to be read, by their names, each with the identity that it was seen to have. */
export interface BatchPart {
  /** The folder, held open by the walk until the batch is done. */
  readonly folder: { readonly fd: number; readonly path: string; readonly stats: Identity };
  readonly names: readonly string[];
  /**
   * Device and inode of each, in turn, signed as Node gives them: a typed array costs next to nothing to post.
   */
  readonly identities: BigInt64Array;
}

/** The outcome of reading a file. */
export type FileOutcome =
  /** The digest in hex, and the names of the markers that are in it. */
  | { readonly sha256: string; readonly found: readonly string[] }
  /** The reason why it could not be read as the file it was seen to be. */
  | { readonly failure: string };

/** Outcomes on their way to another thread: nearly all are a digest and nothing found, and those go as one text. */
export interface PackedOutcomes {
  /** The digests of all in order, 64 digits each; zeros where there is none. */
  readonly digests: string;
  readonly others: readonly (readonly [index: number, outcome: FileOutcome])[];
}

const NO_DIGEST = '0'.repeat(64);
const NOTHING: readonly string[] = [];

/** Packs outcomes so that they are cheap to post. */
export function packOutcomes(outcomes: readonly FileOutcome[]): PackedOutcomes {
  const others: [number, FileOutcome][] = [];
  let digests = '';
  for (const [index, outcome] of outcomes.entries()) {
    digests += 'sha256' in outcome ? outcome.sha256 : NO_DIGEST;
    if ('failure' in outcome || outcome.found.length > 0) others.push([index, outcome]);
  }
  return { digests, others };
}

/** Unpacks what {@link packOutcomes} packed. */
export function unpackOutcomes({ digests, others }: PackedOutcomes): FileOutcome[] {
  const outcomes: FileOutcome[] = [];
  for (let at = 0; at < digests.length; at += NO_DIGEST.length) {
    outcomes.push({ sha256: digests.slice(at, at + NO_DIGEST.length), found: NOTHING });
  }
  for (const [index, outcome] of others) outcomes[index] = outcome;
  return outcomes;
}
