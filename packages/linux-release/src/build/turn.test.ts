// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { createTurn, takeSteps } from './turn.js';

function* work(steps: number, seen: number[]): Generator<void, string, undefined> {
  for (let step = 0; step < steps; step++) {
    seen.push(step);
    yield;
  }
  return 'done';
}

it('work in steps comes to what it comes to at once', async () => {
  const seen: number[] = [];
  expect(await takeSteps(work(5, seen), new AbortController().signal)).toBe('done');
  expect(seen).toEqual([0, 1, 2, 3, 4]);
});

it('work that was aborted goes no further, whenever that was', async () => {
  const seen: number[] = [];
  const aborted = AbortSignal.abort();
  await expect(takeSteps(work(5, seen), aborted)).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen).toEqual([0]);
});

it('a timer has its turn while work goes on that never waits by itself', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  const turn = createTurn(controller.signal);
  const endless = async () => {
    for (;;) await turn();
  };
  await expect(endless()).rejects.toMatchObject({ name: 'AbortError' });
});
