// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { both } from './both.js';

const options = { signal: undefined, isAlone: false };
const failing = async (after: number, message: string) => {
  await setTimeout(after);
  throw new Error(message);
};

it('both are done at once, the first in another thread unless it is alone', async () => {
  const asides: boolean[] = [];
  let underWay = 0;
  let most = 0;
  const work = (result: string) => async (beside: { aside: boolean }) => {
    asides.push(beside.aside);
    most = Math.max(most, ++underWay);
    await setTimeout(5);
    underWay--;
    return result;
  };
  expect(await both(work('a'), work('b'), options)).toEqual(['a', 'b']);
  expect(await both(work('a'), work('b'), { ...options, isAlone: true })).toEqual(['a', 'b']);
  expect([asides, most]).toEqual([[true, false, false, false], 2]);
});

it('what the first throws is told, though the second failed before it', async () => {
  await expect(
    both(
      () => failing(20, 'first'),
      () => failing(1, 'second'),
      options,
    ),
  ).rejects.toThrow('first');
  await expect(
    both(
      () => setTimeout(20),
      () => failing(1, 'second'),
      options,
    ),
  ).rejects.toThrow('second');
});

it('the second is ended when the first failed, and nothing of it goes on by then', async () => {
  let ended = false;
  const second = async ({ signal }: { signal: AbortSignal }) => {
    try {
      await setTimeout(60_000, undefined, { signal });
    } finally {
      await setTimeout(10);
      ended = true;
    }
  };
  await expect(both(() => failing(1, 'first'), second, options)).rejects.toThrow('first');
  expect(ended).toBe(true);
});

it('a signal ends both, with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('no longer');
  const work = async ({ signal }: { signal: AbortSignal }) => {
    await setTimeout(60_000, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  };
  const done = both(work, work, { signal: controller.signal, isAlone: false });
  controller.abort(reason);
  await expect(done).rejects.toBe(reason);
});
