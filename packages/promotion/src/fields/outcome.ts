// SPDX-License-Identifier: Apache-2.0
import type { Piece } from '../evidence/piece.js';
import type { NextCommand } from '../next/command.js';

/** A file that shows something, by its path in the evidence and its digest: 64 hexadecimal digits. */
export type Cited = Pick<Piece, 'path' | 'sha256'>;

/** What the evidence comes to for one field. */
export type Outcome =
  | { readonly evidence: readonly [Cited, ...Cited[]]; readonly missing: undefined; readonly next: undefined }
  /** What is missing, as the end of a sentence, and the command that brings it. */
  | { readonly evidence: undefined; readonly missing: string; readonly next: NextCommand };

/** Says that a field is shown by these files. */
export function shown(first: Cited, ...others: readonly Cited[]): Outcome {
  return { evidence: [first, ...others], missing: undefined, next: undefined };
}

/** Says what a field lacks, and what to type next. */
export function missing(what: string, next: NextCommand): Outcome {
  return { evidence: undefined, missing: what, next };
}
