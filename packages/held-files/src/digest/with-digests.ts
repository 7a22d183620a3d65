// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import type { Digests } from './digests.js';
import { digestHere } from './here.js';
import { digestThere } from './there.js';

/** Options of {@link withDigests}. */
export interface DigestsOptions {
  /** How much will be digested, about: for little no thread is started. */
  readonly bytes: number;
  /** How many threads are started; as many as are worth it unless given. */
  readonly threads?: number;
}

/** From here on a thread saves more than its start takes. */
const WORTH_BYTES = 32 << 20;
/** More would find nothing to do: there are few digests at a time, and each is of one piece after the other. */
const MAX_THREADS = 2;

/**
 * Lets `use` make digests, in other threads where that is worth it; none of them is left afterwards. What is digested there
 * stays in shared memory, and is never copied; it takes 12 MiB, whatever there is to digest.
 * @throws HeldFileError `io` out of digests and rooms, when a thread fails; and whatever `use` throws
 */
export async function withDigests<T>(
  { bytes, threads = threadsFor(bytes) }: DigestsOptions,
  use: (digests: Digests) => Promise<T>,
): Promise<T> {
  if (threads === 0) return use(digestHere());
  const { close, ...digests } = digestThere(threads);
  try {
    return await use(digests);
  } finally {
    await close();
  }
}

function threadsFor(bytes: number): number {
  const processors = availableParallelism();
  return bytes < WORTH_BYTES || processors < 2 ? 0 : Math.min(MAX_THREADS, processors);
}
