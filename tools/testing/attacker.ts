// SPDX-License-Identifier: Apache-2.0
/** Another process that changes what names mean while a test goes through its rounds: see attacker.c. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

/** Builds the attacker once for a test file. */
export function buildAttacker(): () => string {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latticra-attacker-'));
    const source = fileURLToPath(new URL('./attacker.c', import.meta.url));
    execFileSync('cc', ['-O2', '-Wall', '-Werror', '-o', join(folder, 'attacker'), source]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => join(folder, 'attacker');
}

/** How often each way of ending was seen. */
export type Tally = ReadonlyMap<string, number>;

/**
 * Plays rounds while the attacker runs.
 * @param attack its arguments
 * @param round returns how it ended
 */
export async function playRounds(
  attacker: string,
  attack: readonly string[],
  round: () => string | Promise<string>,
  rounds: number,
): Promise<Tally> {
  const child = spawn(attacker, attack, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    const tally = new Map<string, number>();
    for (let left = rounds; left > 0; left -= 1) {
      const outcome = await round();
      tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    }
    return tally;
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
}

/** Formats a tally as one line for people. */
export function showTally(tally: Tally): string {
  return [...tally].map(([outcome, count]) => `${count} × ${outcome}`).join(', ');
}

/**
 * Tells on stdout how many rounds the attacker won against code that can be raced, which says how much the races of this
 * run are worth. Nothing may be asserted of it: on a machine that is busy with something else it may win none.
 * @param won how a round ends that it won
 */
export function tellCalibration(what: string, tally: Tally, won: string): void {
  const rounds = [...tally.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `calibration | ${what} | the attacker won ${tally.get(won) ?? 0} of ${rounds} rounds\n`,
  );
}

/** Makes a folder in memory, where there is such a place: a sync costs nothing there, and the attacker is fastest. */
export function raceFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latticra-race-'));
}
