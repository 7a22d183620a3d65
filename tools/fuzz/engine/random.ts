// SPDX-License-Identifier: Apache-2.0

/** Numbers that are the same for the same seed. */
export interface Random {
  /** Returns a whole number from 0 up to, but without, `limit`. */
  below(limit: number): number;
  /** Returns one of `choices`, of which there is at least one. */
  pick<T>(choices: readonly T[]): T;
}

/** Makes numbers out of a seed of 32 bits: a Weyl sequence whose every step is mixed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (limit: number) => Math.floor((next() / 2 ** 32) * limit);
  return { below, pick: (choices) => choices[below(choices.length)] as (typeof choices)[number] };
}
