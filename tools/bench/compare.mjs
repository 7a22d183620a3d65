// SPDX-License-Identifier: Apache-2.0
/**
 * Times two commands side by side, as whole processes: A B A B …, after one warm-up each, and takes the ratio
 * pair by pair, so that a machine whose speed drifts does not decide. Each is an argv array; no shell.
 */
import { spawnSync } from 'node:child_process';

/** Returns the seconds from start to end of one run. Throws when the command did not end with `expected`. */
function time({ argv, cwd, env, expected = 0 }) {
  const [command, ...args] = argv;
  const began = process.hrtime.bigint();
  const result = spawnSync(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (result.error) throw result.error;
  if (result.status !== expected)
    throw new Error(`${argv.join(' ')} ended with ${result.status}: ${result.stderr}`);
  return seconds;
}

/** Returns the middle one of the numbers, the upper of two. */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Returns the medians in seconds of both, and of the ratio A/B; `b` may be left out. */
export function compare(a, b, runs) {
  const samples = [];
  for (let index = -1; index < runs; index++) {
    a.before?.();
    const first = time(a);
    b?.before?.();
    const second = b === undefined ? Number.NaN : time(b);
    if (index >= 0) samples.push([first, second, first / second]);
  }
  return {
    a: median(samples.map(([first]) => first)),
    b: median(samples.map(([, second]) => second)),
    ratio: median(samples.map(([, , ratio]) => ratio)),
  };
}
