// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';

/** Milliseconds between which nobody is heard. */
const TURN_MS = 20;

/**
 * Makes what work calls after every small step of it: now and then it lets signals and timers have their turn, and throws
 * where the work was aborted.
 */
export function createTurn(signal: AbortSignal): () => Promise<void> {
  let next = performance.now() + TURN_MS;
  return async () => {
    if (performance.now() >= next) {
      await setImmediate();
      next = performance.now() + TURN_MS;
    }
    signal.throwIfAborted();
  };
}

/** Takes the steps of some work, between which it may be aborted, and returns what it comes to. */
export async function takeSteps<T>(steps: Generator<void, T, undefined>, signal: AbortSignal): Promise<T> {
  const turn = createTurn(signal);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await turn();
  }
}
