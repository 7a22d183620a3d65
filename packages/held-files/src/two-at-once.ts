// SPDX-License-Identifier: Apache-2.0

/** How a piece of work is done beside another. */
export interface Beside {
  /** Ends it, with the reason of whoever ends it all; or since what stands before it in the list failed. */
  readonly signal: AbortSignal;
  /** Whether another thread is to do it, as {@link MeasureOptions.aside} says. */
  readonly aside: boolean;
}

/**
 * Works through a list, two of it at a time, one of the two in another thread where that is worth it. What is thrown is what would
 * be if they were done one after the other: of the first that fails in the order of the list. Nothing goes on by then.
 *
 * @example
 * import { measureFile, twoAtOnce } from '@latticra/held-files';
 *
 * const found = await twoAtOnce(['os.iso', 'os.raw'], (path, beside) => measureFile(path, beside));
 * console.log(found.map(({ sha256 }) => sha256));
 *
 * @returns the results in the order of the list
 * @throws whatever `work` throws, the reason of `signal` where that passes it on
 */
export async function twoAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item, beside: Beside) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result[]> {
  const controller = new AbortController();
  const either = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const results = new Map<number, Result>();
  const underWay = new Set<number>();
  const queue = items.entries();
  let failure: { readonly index: number; readonly error: unknown } | undefined;
  const workThrough = async (aside: boolean) => {
    for (const [index, item] of queue) {
      underWay.add(index);
      try {
        results.set(index, await work(item, { signal: either, aside }));
      } catch (error) {
        if (failure === undefined || index < failure.index) failure = { index, error };
        // What stands before it goes on: it may fail as well, and would have been told first.
        if (Math.max(...underWay) > index) controller.abort();
      }
      underWay.delete(index);
      if (failure !== undefined) return;
    }
  };
  await Promise.all([workThrough(items.length > 1), workThrough(false)]);
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return items.map((_, index) => results.get(index) as Result);
}
