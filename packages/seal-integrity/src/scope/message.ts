// SPDX-License-Identifier: Apache-2.0
import type { BatchPart, PackedOutcomes } from './batch.js';

/** The data that a thread is started with, so that it knows its work. */
export interface Role {
  readonly role: typeof ROLE;
  readonly denyContents: readonly (readonly string[])[];
}

/** The role that tells a thread of Seal from others that an application may start. */
export const ROLE = 'latticra-seal-helper';

/** A task for the thread: small files to read. */
export interface Task {
  readonly parts: readonly BatchPart[];
}

/** The answer to a task. */
export interface Answer {
  readonly outcomes: readonly PackedOutcomes[];
}

/** A task or an answer with its number. */
export type Numbered<T> = { readonly id: number } & T;
