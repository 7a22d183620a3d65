// SPDX-License-Identifier: Apache-2.0
import type { ReleaseState } from './state.js';

/** Digests of 64 hexadecimal digits by name; undefined for what nobody can tell the digest of. */
export type Digests = Readonly<Record<string, string | undefined>>;

/** Whether the result of an earlier run stands for a step: undefined where it does, else why the step is done. */
export type Decision = { readonly keep: true } | { readonly keep: false; readonly because: string };

const again = (because: string): Decision => ({ keep: false, because });

/**
 * Decides whether a step is done again: unless each input has the digest that it had, and each output the one that the step left.
 * @param state of an earlier run, where there is one
 * @param inputs as they are now
 * @param outputs as they are now, of each name that the state has; undefined for a file that is gone or cannot be read
 */
export function decide(
  state: Pick<ReleaseState, 'inputs' | 'outputs'> | undefined,
  step: string,
  inputs: Digests,
  outputs: Digests,
): Decision {
  const of = (entries: ReleaseState['inputs'] = []) =>
    new Map(entries.filter((entry) => entry.step === step).map(({ name, sha256 }) => [name, sha256]));
  const [tookBefore, leftBefore] = [of(state?.inputs), of(state?.outputs)];
  if (leftBefore.size === 0) return again('not done yet');
  for (const [name, digest] of Object.entries(inputs)) {
    if (digest === undefined) return again(`whether ${name} is the same cannot be told`);
    const before = tookBefore.get(name);
    if (before === undefined) return again(`${name} is new`);
    if (before !== digest) return again(`${name} changed`);
  }
  for (const name of tookBefore.keys())
    if (!Object.hasOwn(inputs, name)) return again(`${name} is not taken any more`);
  for (const [name, before] of leftBefore) {
    const digest = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    if (digest === undefined) return again(`${name} is not there`);
    if (digest !== before) return again(`${name} was changed`);
  }
  return { keep: true };
}
