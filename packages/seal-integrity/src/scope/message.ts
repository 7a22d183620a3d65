// SPDX-License-Identifier: Apache-2.0
import type { BatchPart, PackedOutcomes } from './batch.js';

/** What a thread is started with, so that it knows what it is for. */
export interface Role {
  readonly role: typeof ROLE;
  readonly denyContents: readonly (readonly string[])[];
}

/** By which a thread of Seal's knows itself among others that an application may start. */
export const ROLE = 'latticra-seal-helper';

/** What it is asked for. */
export type Task =
  /** Small files. */
  | { readonly parts: readonly BatchPart[] }
  /** To begin with a large one. */
  | { readonly begin: true }
  /** To add its next chunk, which lies in shared memory. */
  | { readonly chunk: Uint8Array }
  /** Its digest. */
  | { readonly digest: true };

/** What it answers, each in turn. */
export type Answer =
  | { readonly outcomes: readonly PackedOutcomes[] }
  /** How many bytes were hashed. */
  | { readonly hashed: number }
  /** In hex. */
  | { readonly sha256: string };

/** Either, with what they are told apart by. */
export type Numbered<T> = { readonly id: number } & T;
