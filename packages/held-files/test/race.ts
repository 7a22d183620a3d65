// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { buildAttacker, playRounds, raceFolder, showTally } from '../../../tools/testing/attacker.js';
import { itWith } from '../../../tools/testing/tools.js';
import { type AnchoredFolder, openAnchor } from '../src/anchor/index.js';
import { HeldFileError } from '../src/index.js';
import { HOLDING } from './anchor.js';

/** The number of rounds of each case: `RACE_ROUNDS`, else few enough for every day. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 1000);

/** Content that lies inside: longer than one read, so that there is time to change it meanwhile. */
export const INSIDE = 'inside'.repeat(5000);

/** Two folders side by side: one that is held, and one in which nothing may be read or written. */
export interface RaceFixture {
  readonly held: AnchoredFolder;
  /** Returns a path below the held one. */
  at(name: string): string;
  /** Returns a path in the other, where there are a file `f` and a folder `e` with a file `f`. */
  outside(name: string): string;
}

/** An attack, and the work that it disturbs. */
export interface RaceSetup {
  /** The arguments of the attacker, see attacker.c. */
  readonly attack: readonly string[];
  /** Plays a round, and returns how it ended; a failure of this package ends it with its code. */
  readonly round: () => string;
  /** Closes what is held all along. */
  readonly end?: () => void;
}

/** An attack, and how its rounds may end. */
export interface RaceCase {
  readonly name: string;
  readonly setUp: (fixture: RaceFixture) => RaceSetup;
  /** The outcomes that may be; every other is a violation. */
  readonly permitted: readonly string[];
}

/** Plays each case with each way of holding a folder. */
export function describeRaces(what: string, cases: readonly RaceCase[]): void {
  const attacker = buildAttacker();
  const tell = (line: string) => {
    if (process.env.RACE_ROUNDS !== undefined) process.stdout.write(`${line}\n`);
  };
  describe.each(HOLDING)(`${what}, held by %s`, (anchoring) => {
    let base = '';
    const at = (name: string) => join(base, 'root', name);
    const outside = (name: string) => join(base, 'outside', name);
    const look = () => [
      readdirSync(outside('.')),
      readFileSync(outside('f')),
      statSync(outside('f')).mtimeMs,
    ];
    beforeEach(() => {
      base = raceFolder();
      for (const path of [at('.'), outside('e')]) mkdirSync(path, { recursive: true });
      for (const path of ['f', 'e/f']) writeFileSync(outside(path), 'OUTSIDE');
    });
    afterEach(() => rmSync(base, { recursive: true, force: true }));

    for (const { name, setUp, permitted } of cases) {
      const play = async () => {
        const held = openAnchor(at('.'), { anchoring, label: '.' });
        try {
          const setup = setUp({ held, at, outside });
          const before = look();
          const descriptors = readdirSync('/proc/self/fd').length;
          const tally = await playRounds(attacker(), setup.attack, () => outcomeOf(setup.round), ROUNDS);
          setup.end?.();
          tell(`${anchoring} | ${name} | ${showTally(tally)}`);
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

/** Plays a round, and returns how it ended: with the code of a failure of this package. */
export function outcomeOf(round: () => string): string {
  try {
    return round();
  } catch (error) {
    if (error instanceof HeldFileError) return error.code;
    throw error;
  }
}
