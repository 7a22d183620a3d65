// SPDX-License-Identifier: Apache-2.0
import type { BatchPart, PackedOutcomes } from './batch.js';

/** The data that a thread is started with, so that it knows its work. */
export interface Role {
  readonly role: typeof ROLE;
  readonly denyContents: readonly (readonly string[])[];
}

/** The role that tells a thread of Seal from others that an application may start. */
export const ROLE = 'latticra-seal-helper';

/** A task for the thread. */
export type Task =
  /** Small files to read. */
  | { readonly parts: readonly BatchPart[] }
  /** The beginning of a large file. */
  | { readonly begin: true }
  /** The next chunk of it, which lies in shared memory. */
  | { readonly chunk: Uint8Array }
  /** The request for its digest. */
  | { readonly digest: true };

/** The answer to a task, each in turn. */
export type Answer =
  | { readonly outcomes: readonly PackedOutcomes[] }
  /** The number of bytes that were hashed. */
  | { readonly hashed: number }
  /** The digest in hex. */
  | { readonly sha256: string };

/** A task or an answer with its number. */
export type Numbered<T> = { readonly id: number } & T;
