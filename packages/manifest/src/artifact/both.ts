// SPDX-License-Identifier: Apache-2.0
import { type Beside, twoAtOnce } from '@latticra/held-files';

/**
 * Does with both artifacts of a manifest at once what takes a while, as {@link twoAtOnce} does; one of them may be nothing.
 * @param isAlone whether one of them is, so that nobody has anything to do beside it
 */
export async function both<A, B>(
  first: (beside: Beside) => Promise<A>,
  second: (beside: Beside) => Promise<B>,
  { signal, isAlone }: { readonly signal: AbortSignal | undefined; readonly isAlone: boolean },
): Promise<[A, B]> {
  const results = await twoAtOnce<(beside: Beside) => Promise<A | B>, A | B>(
    [first, second],
    (work, { aside, ...beside }) => work({ ...beside, aside: aside && !isAlone }),
    signal,
  );
  return results as [A, B];
}
