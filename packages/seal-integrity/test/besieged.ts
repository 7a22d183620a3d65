// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { arenaFolder, buildAttacker, playRounds, showTally } from '../../../tools/testing/attacker.js';
import { itWith } from '../../../tools/testing/tools.js';
import { Arena } from './arena.js';
import { HOLDING } from './project.js';
import { forbidden, playRaid, type Raid } from './raid.js';

/** How often each case is played: `RACE_ROUNDS`, else few enough for every day. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 100);

/** Plays each case with each way of holding a folder, while another process attacks. */
export function describeRaids(what: string, raids: readonly Raid[]): void {
  const attacker = buildAttacker();
  const tell = (line: string) => {
    if (process.env.RACE_ROUNDS !== undefined) process.stdout.write(`${line}\n`);
  };
  describe.each(HOLDING)(`${what}, held by %s`, (anchoring) => {
    for (const raid of raids) {
      const play = async () => {
        const arena = new Arena(arenaFolder());
        try {
          const siege = raid.lay(arena);
          const before = arena.look();
          const stateBefore = state();
          // A temporary file is there for a moment only.
          const attack = siege.attack[0] === 'hunt' ? siege.attack : ['-p', ...siege.attack];
          const round = () => playRaid(arena, raid, siege, anchoring);
          const tally = await playRounds(attacker(), attack, round, ROUNDS);
          tell(`${anchoring} | ${raid.name} | ${showTally(tally)}`);
          expect([...tally.keys()].flatMap((ending) => forbidden(raid, ending))).toEqual([]);
          expect(arena.look()).toEqual(before);
          expect(state()).toEqual(stateBefore);
          if (siege.attack[0] !== 'hunt') expect(arena.leftovers()).toEqual([]);
        } finally {
          arena.close();
        }
      };
      itWith(['cc', 'mkfifo'], raid.name, play, 60_000 + ROUNDS * 50);
    }
  });
}

/** What a run must leave as it was in its process. */
function state() {
  return { descriptors: readdirSync('/proc/self/fd').length, cwd: process.cwd() };
}
