// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { buildAttacker, playRounds, raceFolder, showTally } from '../../../tools/testing/attacker.js';
import { itWith } from '../../../tools/testing/tools.js';
import { HOLDING } from './project.js';
import { RaceFixture } from './race-fixture.js';
import { forbidden, runRound, type Scenario } from './scenario.js';

/** The number of rounds of each case: `RACE_ROUNDS`, else few enough for every day. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 50);

/** Plays each case with each way of holding a folder, while another process attacks. */
export function describeRaces(what: string, scenarios: readonly Scenario[]): void {
  const attacker = buildAttacker();
  const tell = (line: string) => {
    if (process.env.RACE_ROUNDS !== undefined) process.stdout.write(`${line}\n`);
  };
  describe.each(HOLDING)(`${what}, held by %s`, (anchoring) => {
    for (const scenario of scenarios) {
      const play = async () => {
        const fixture = new RaceFixture(raceFolder());
        try {
          const setup = scenario.setUp(fixture);
          const before = fixture.look();
          const stateBefore = state();
          // A temporary file is there for a moment only.
          const attack = setup.attack[0] === 'hunt' ? setup.attack : ['-p', ...setup.attack];
          const round = () => runRound(fixture, scenario, setup, anchoring);
          const tally = await playRounds(attacker(), attack, round, ROUNDS);
          tell(`${anchoring} | ${scenario.name} | ${showTally(tally)}`);
          expect([...tally.keys()].flatMap((ending) => forbidden(scenario, ending))).toEqual([]);
          expect(fixture.look()).toEqual(before);
          expect(state()).toEqual(stateBefore);
          if (setup.attack[0] !== 'hunt') expect(fixture.leftovers()).toEqual([]);
        } finally {
          fixture.close();
        }
      };
      itWith(['cc', 'mkfifo'], scenario.name, play, 60_000 + ROUNDS * 50);
    }
  });
}

/** Returns the state of the process that a run must leave as it was. */
function state() {
  return { descriptors: readdirSync('/proc/self/fd').length, cwd: process.cwd() };
}
