// SPDX-License-Identifier: Apache-2.0
import type { LentFile } from '@latticra/held-files/anchor';
import type { BatchPart, PackedOutcomes } from './batch.js';
import type { Slots } from './slots.js';

/** What a thread is started with, so that it knows what it is for. */
export interface Role {
  readonly role: typeof ROLE;
  readonly denyContents: readonly (readonly string[])[];
}

export const ROLE = 'latticra-seal-helper';

/** What it is asked for: many small files, or one large one, whose chunks it shows in the slots. */
export type Task =
  | { readonly parts: readonly BatchPart[] }
  | { readonly file: LentFile; readonly slots: Slots };

/** What came of a large file on that thread. */
export type FileSum =
  /** Its digest in hex. */
  | { readonly sha256: string }
  /** Why it could not be read as the file it was seen to be. */
  | { readonly failure: string };

/** What it says of it: that the next slot holds a chunk of a length, any number of times, or the result. */
export type News =
  | { readonly length: number }
  | { readonly outcomes: readonly PackedOutcomes[] }
  | { readonly sum: FileSum };

/** Either, with what they are told apart by. */
export type Numbered<T> = { readonly id: number } & T;
