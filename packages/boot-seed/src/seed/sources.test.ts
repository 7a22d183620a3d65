// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { debugExitCode, GUEST_ERRORS, SEED_EXIT_CODE } from '../exit.js';
import { SEED_SOURCES } from './sources.js';

const declared = Object.values(SEED_SOURCES).flatMap((source) =>
  [...source.matchAll(/^\s+error\s+\w+, (0x[0-9a-f]+), "(.*)"$/gm)].map(([, value, text]) => ({
    value: Number(value),
    text: text?.replace(/\\r\\n$/, ''),
  })),
);

it('the sources declare exactly the errors that are documented', () => {
  const byValue = (a: { value: number }, b: { value: number }) => a.value - b.value;
  expect(declared.sort(byValue)).toEqual(
    GUEST_ERRORS.map(({ value, text }) => ({ value, text })).sort(byValue),
  );
});

it('the errors end the machine with codes that say who failed, and that nothing else uses', () => {
  const codes = [SEED_EXIT_CODE, ...GUEST_ERRORS.map(({ value }) => debugExitCode(value))];
  expect(new Set(codes).size).toBe(codes.length);
  // QEMU's own failure, time-outs and signals as shells report them.
  for (const taken of [0, 1, 124, 126, 127, 137]) expect(codes).not.toContain(taken);
});
