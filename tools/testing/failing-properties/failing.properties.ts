// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { it } from 'vitest';

it.concurrent('the property is wrong', () => {
  fc.assert(fc.property(fc.nat(), (n) => n < 1000));
});

it.concurrent('the property hangs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), (n) => (n < 1000 ? Promise.resolve() : new Promise<void>(() => {}))),
  );
});

it.concurrent('the property has cases without end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), () => sleep(5)),
    { numRuns: 1_000_000 },
  );
});

it.concurrent('the property shrinks without end', async () => {
  const values = fc.array(fc.nat(), { minLength: 50, maxLength: 500 });
  await fc.assert(
    fc.asyncProperty(values, async () => {
      await sleep(50);
      throw new Error('no');
    }),
  );
});
