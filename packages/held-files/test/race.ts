// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { type AnchoredFolder, openAnchor } from '../src/anchor/index.js';
import { HeldFileError } from '../src/index.js';
import { ANCHORINGS } from './anchor.js';

/** How often each case is played: `RACE_ROUNDS`, else few enough for every day. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 1000);

/** Content that lies inside: longer than one read, so that there is time to change it meanwhile. */
export const INSIDE = 'inside'.repeat(5000);

/** Two folders side by side: one that is held, and one in which nothing may be read or written. */
export interface Arena {
  readonly held: AnchoredFolder;
  /** A path below the held one. */
  at(name: string): string;
  /** A path in the other, where there are a file `f` and a folder `e` with a file `f`. */
  outside(name: string): string;
}

/** What is attacked how. */
export interface Siege {
  /** See attacker.c. */
  readonly attack: readonly string[];
  /** Returns how it ended; a failure of this package ends it with its code. */
  readonly round: () => string;
  /** Closes what is held all along. */
  readonly end?: () => void;
}

export interface RaceCase {
  readonly name: string;
  readonly lay: (arena: Arena) => Siege;
  /** Every other outcome is a hole. */
  readonly permitted: readonly string[];
}

/** Plays each case with each way of holding a folder. */
export function describeRaces(what: string, cases: readonly RaceCase[]): void {
  const attacker = buildAttacker();
  const results: string[] = [];
  afterAll(() => {
    if (process.env.RACE_ROUNDS !== undefined) process.stdout.write(`${results.join('\n')}\n`);
  });
  describe.each(ANCHORINGS)(`${what}, held by %s`, (anchoring) => {
    let base = '';
    const at = (name: string) => join(base, 'root', name);
    const outside = (name: string) => join(base, 'outside', name);
    beforeEach(() => {
      // In memory, where there is such a place: a sync costs nothing there, and the attacker is fastest.
      base = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latticra-race-'));
      for (const path of [at('.'), outside('e')]) mkdirSync(path, { recursive: true });
      for (const path of ['f', 'e/f']) writeFileSync(outside(path), 'OUTSIDE');
    });
    afterEach(() => rmSync(base, { recursive: true, force: true }));

    for (const { name, lay, permitted } of cases) {
      const play = async () => {
        const look = () => [
          readdirSync(outside('.')),
          readFileSync(outside('f')),
          statSync(outside('f')).mtimeMs,
        ];
        const held = openAnchor(at('.'), { anchoring, label: '.' });
        try {
          const siege = lay({ held, at, outside });
          const before = look();
          const descriptors = readdirSync('/proc/self/fd').length;
          const tally = await playRounds(attacker(), siege, ROUNDS);
          siege.end?.();
          results.push(`${anchoring} | ${name} | ${[...tally].map((entry) => entry.join(' ')).join(', ')}`);
          expect(permitted).toEqual(expect.arrayContaining([...tally.keys()]));
          expect(look()).toEqual(before);
          expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(descriptors);
        } finally {
          held.close();
        }
      };
      itWith(['cc', 'mkfifo'], name, play, 60_000 + ROUNDS * 20);
    }
  });
}

/** Builds it once for a test file. */
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
export async function playRounds(
  attacker: string,
  { attack, round }: Siege,
  rounds: number,
): Promise<ReadonlyMap<string, number>> {
  const child = spawn(attacker, attack, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    const tally = new Map<string, number>();
    for (let left = rounds; left > 0; left -= 1) {
      const outcome = outcomeOf(round);
      tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    }
    return tally;
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
}

function outcomeOf(round: () => string): string {
  try {
    return round();
  } catch (error) {
    if (error instanceof HeldFileError) return error.code;
    throw error;
  }
}
