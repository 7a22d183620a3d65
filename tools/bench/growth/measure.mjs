// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is quick is run until so much time has gone, or so many times; what is slow once. */
const ENOUGH_SECONDS = 2;
const MOST_RUNS = 7;

/**
 * Runs a command, several times where it is quick, and returns the least of each: seconds from start to end, seconds that processors
 * were busy, and the most memory in MiB, as GNU time says.
 * @param command argv and folder, and what is to be done `before` each run
 */
export function measureLeast({ argv, cwd, before }) {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-growth-run-'));
  const runs = [];
  try {
    const log = join(folder, 'time.txt');
    for (let spent = 0; runs.length === 0 || (spent < ENOUGH_SECONDS && runs.length < MOST_RUNS); ) {
      before?.();
      const began = process.hrtime.bigint();
      const timed = ['-f', '%U %S %M', '-o', log, ...argv];
      const { status, stderr, error } = spawnSync('/usr/bin/time', timed, {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 1 << 28,
      });
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      if (error !== undefined || status !== 0)
        throw error ?? new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
      const [user, system, kib] = readFileSync(log, 'utf8').trim().split(' ').map(Number);
      runs.push({ seconds, work: user + system, mib: kib / 1024 });
      spent += seconds;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const least = (what) => Math.min(...runs.map((run) => run[what]));
  return { seconds: least('seconds'), work: least('work'), mib: least('mib') };
}
