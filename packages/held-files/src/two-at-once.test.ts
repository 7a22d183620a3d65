// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Beside, twoAtOnce } from './two-at-once.js';

it('results are in the order of the list, whatever takes longest, and never more than two are under way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 7 }), async (delays) => {
      let underWay = 0;
      let asides = 0;
      const found = await twoAtOnce(delays, async (delay, { aside }) => {
        expect(++underWay).toBeLessThanOrEqual(2);
        asides += Number(aside);
        expect(asides).toBeLessThanOrEqual(1);
        await setTimeout(delay);
        underWay--;
        asides -= Number(aside);
        return `${delay}`;
      });
      expect(found).toEqual(delays.map(String));
    }),
    { numRuns: 40 },
  );
});

it('what fails is told as if it were done in the order of the list, and nothing goes on by then', async () => {
  const step = fc.record({ delay: fc.nat(6), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const began: number[] = [];
      let underWay = 0;
      const done = await twoAtOnce([...steps.entries()], async ([index, { delay, fails }], { signal }) => {
        began.push(index);
        underWay++;
        try {
          await setTimeout(delay, undefined, { signal });
          if (fails) throw new Error(`${index} failed`);
          return index;
        } finally {
          await setTimeout(1);
          underWay--;
        }
      }).catch((error: Error) => error.message);
      const first = steps.findIndex(({ fails }) => fails);
      expect(done).toEqual(first < 0 ? [...steps.keys()] : `${first} failed`);
      expect(underWay).toBe(0);
      expect(began).toEqual([...began.keys()]);
    }),
    { numRuns: 60 },
  );
});

it('one alone has no thread of its own, of two the first has', async () => {
  const asidesOf = async (count: number) => {
    const asides: boolean[] = [];
    await twoAtOnce([...Array(count).keys()], async (_, { aside }) => void asides.push(aside));
    return asides;
  };
  expect(await asidesOf(0)).toEqual([]);
  expect(await asidesOf(1)).toEqual([false]);
  expect(await asidesOf(2)).toEqual([true, false]);
});

it('what comes behind one that failed is ended, and what stands before it is not', async () => {
  const ended: string[] = [];
  const waiting = async (name: string, milliseconds: number, { signal }: Beside) => {
    await setTimeout(milliseconds, undefined, { signal }).catch(() => ended.push(name));
  };
  const failing = async () => {
    await setTimeout(2);
    throw new Error('failed');
  };
  await expect(
    twoAtOnce([0, 1], (item, beside) => (item === 0 ? failing() : waiting('second', 60_000, beside))),
  ).rejects.toThrow('failed');
  expect(ended).toEqual(['second']);
  await expect(
    twoAtOnce([0, 1], (item, beside) => (item === 1 ? failing() : waiting('first', 20, beside))),
  ).rejects.toThrow('failed');
  expect(ended).toEqual(['second']);
});

it('a signal ends all of it, with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('no longer');
  const done = twoAtOnce(
    [0, 1, 2],
    async (_, { signal }) => {
      await setTimeout(60_000, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    },
    controller.signal,
  );
  controller.abort(reason);
  await expect(done).rejects.toBe(reason);
});
