// SPDX-License-Identifier: Apache-2.0
/**
 * Times two commands side by side, as whole processes: A B A B …, after one warm-up each, and takes the ratio
 * pair by pair, so that a machine whose speed drifts does not decide. Each is an argv array; no shell.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/**
 * Returns the medians in seconds of both, and of the ratio A/B; `b` may be left out.
 * @param warmUps how many runs go before those that count
 */
export function compare(a, b, runs, warmUps = 1) {
  const samples = [];
  for (let index = -warmUps; index < runs; index++) {
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

/** Returns the middle or whatever else `choose` takes of the seconds of both, and of the ratios. */
const chosen = (samples, choose) => ({
  a: choose(samples.map(([first]) => first)),
  b: choose(samples.map(([, second]) => second)),
  ratio: median(samples.map(([first, second]) => first / second)),
});

/**
 * Compares as {@link compare} does, each pair measured in three ways: medians of the seconds from start to end; the least of
 * those, and their ratio; and medians of the seconds that both kept processors busy, threads and children counted, as GNU
 * time says, which what else a machine does changes far less. Ends early, with three pairs or more, where it takes long.
 * @param limit seconds after which no further pair begins
 */
export function compareFully(a, b, runs, limit = 40) {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-work-'));
  const began = Date.now();
  const measure = ({ argv, ...rest }) => {
    rest.before?.();
    const log = join(folder, 'work.txt');
    const seconds = time({ ...rest, argv: ['/usr/bin/time', '-f', '%U %S', '-o', log, ...argv] });
    const [user, system] = readFileSync(log, 'utf8').trim().split(' ').map(Number);
    return { seconds, work: user + system };
  };
  try {
    const pairs = [];
    for (let index = -1; index < runs; index++) {
      if (pairs.length >= 3 && Date.now() - began > limit * 1000) break;
      const pair = [measure(a), measure(b)];
      if (index >= 0) pairs.push(pair);
    }
    if (pairs.length < runs) process.stderr.write(`the next row is of ${pairs.length} runs\n`);
    const of = (what) => pairs.map(([first, second]) => [first[what], second[what]]);
    const least = chosen(of('seconds'), (numbers) => Math.min(...numbers));
    return {
      usual: chosen(of('seconds'), median),
      least: { ...least, ratio: least.a / least.b },
      work: chosen(of('work'), median),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
