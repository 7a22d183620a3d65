// SPDX-License-Identifier: Apache-2.0
/**
 * The rows of start-up: what a command costs that answers at once, beside `node -e 0`, by every Node that was named. Counted are the
 * seconds that processors were busy, in batches, since what else a machine does changes those far less than the seconds from start to end.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BATCH, batchOf, startCommands } from './commands.mjs';
import { median } from './compare.mjs';

/** Adds the rows of each Node. @param nodes the paths of their programs */
export function startRows({ add, app, folder, runs, nodes }) {
  for (const node of nodes) {
    const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
    const commands = startCommands(version).map(({ what, words: [name, ...words], goal }) => {
      const [, ...argv] = app(name, ...words).argv;
      return { what, argv: [node, ...argv], goal, seconds: [] };
    });
    const nothing = { argv: [node, '-e', '0'], seconds: [] };
    // All of them in turn, so that a busy minute is everybody's.
    for (let round = 0; round < runs; round++) {
      for (const each of [nothing, ...commands]) each.seconds.push(work(each.argv, folder));
    }
    for (const { what, goal, seconds } of commands) {
      const ratios = seconds.map((value, round) => value / nothing.seconds[round]);
      const least = Math.min(...seconds) / Math.min(...nothing.seconds);
      const ratio = `${median(ratios).toFixed(2)}, ${least.toFixed(2)}`;
      const ms = (values) => `${(1000 * median(values)).toFixed(1)} ms`;
      add(`\`${what}\``, version, ms(seconds), ms(nothing.seconds), ratio, goal);
    }
  }
}

/** Returns the seconds that one run keeps processors busy, its threads counted. Throws where a run fails. */
function work(argv, cwd) {
  const log = join(cwd, 'work.txt');
  const timed = ['-f', '%U %S', '-o', log, ...batchOf(argv)];
  const { status, error } = spawnSync('/usr/bin/time', timed, { cwd, stdio: 'ignore' });
  if (error !== undefined || status !== 0) throw error ?? new Error(`${argv.join(' ')} ended with ${status}`);
  const [user, system] = readFileSync(log, 'utf8').trim().split(' ').map(Number);
  return (user + system) / BATCH;
}
