// SPDX-License-Identifier: Apache-2.0

/** How one of two pieces of work is done beside the other. */
export interface Beside {
  /** Ends it, with its reason; the other ended with an error where nobody else ended it. */
  readonly signal: AbortSignal;
  /** Whether another thread is to do it. */
  readonly aside: boolean;
}

/**
 * Does two pieces of work at once, the first of them in another thread where that is worth it. What is thrown is what would be if
 * they were done one after the other, and nothing of either goes on by then.
 * @param isAlone whether one of them is nothing, so that no thread has anything to do beside it
 */
export async function both<A, B>(
  first: (beside: Beside) => Promise<A>,
  second: (beside: Beside) => Promise<B>,
  { signal, isAlone }: { readonly signal: AbortSignal | undefined; readonly isAlone: boolean },
): Promise<[A, B]> {
  const controller = new AbortController();
  const either = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const one = first({ signal: either, aside: !isAlone });
  const other = second({ signal: either, aside: false });
  // Until it is awaited its failure must not count as unhandled.
  other.catch(() => undefined);
  try {
    const result = await one;
    return [result, await other];
  } catch (error) {
    controller.abort();
    await other.catch(() => undefined);
    throw error;
  }
}
