// SPDX-License-Identifier: Apache-2.0
/** Tests in which somebody else acts exactly between two system calls of a run, where the races do so by chance. */
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { raceFolder } from '../../../../tools/testing/attacker.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { HASHES, HOLDING, LOCK } from '../../test/project.js';
import { hashListOf, PROJECT, putFile, RaceFixture } from '../../test/race-fixture.js';
import { applyAttack, forbidden, type RaceSetup, type RunWrapper, runRound } from '../../test/scenario.js';
import { ARTIFACT_SCENARIOS } from '../../test/scenarios/artifacts.js';
import { SCOPE_SCENARIOS } from '../../test/scenarios/scope.js';
import { STREAM_SCENARIOS } from '../../test/scenarios/streams.js';

/** A hook that is told of every call of the run before it is made. */
const clock = vi.hoisted(() => ({ tick: undefined as (() => void) | undefined }));

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<Record<string, unknown>>();
  const calls = Object.entries(fs).flatMap(([name, call]) =>
    name.endsWith('Sync') && typeof call === 'function' ? [[name, call] as const] : [],
  );
  const told = calls.map(([name, call]) => [
    name,
    (...args: unknown[]) => {
      const { tick } = clock;
      // What it does itself are such calls as well.
      clock.tick = undefined;
      tick?.();
      clock.tick = tick;
      return Reflect.apply(call, fs, args);
    },
  ]);
  return { ...fs, ...Object.fromEntries(told) };
});

/**
 * The stride between steps, and the number of runs by chance: more where races are run at length. Each scenario begins
 * at another step and has other chances, so that all of them together come to every step.
 */
const [STRIDE, CHANCES] = process.env.RACE_ROUNDS === undefined ? [17, 6] : [1, 500];

/** The steps of a run before which something is swapped, or swapped back. */
interface Schedule {
  readonly name: string;
  readonly acts: (step: number) => boolean;
}

/**
 * Yields schedules: a swap at one step that stays so; one for a single step; and swaps again and again, the same every
 * time.
 * @param nth of which scenario they are
 */
function* schedules(steps: number, nth: number): Generator<Schedule> {
  for (let at = 1 + (nth % STRIDE); at <= steps; at += STRIDE) {
    yield { name: `from step ${at} on`, acts: (step) => step === at };
    const only = Math.min(at + (STRIDE >> 1), steps);
    yield { name: `at step ${only}`, acts: (step) => step === only || step === only + 1 };
  }
  for (let chance = 1; chance <= CHANCES; chance += 1) {
    const seed = nth * CHANCES + chance;
    let state = seed;
    const isHit = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 16) % 8 === 0;
    };
    yield { name: `by chance ${seed}`, acts: isHit };
  }
}

/** Calls `onStep` before each call of a run, with its number from 1 on. */
function onEachStep(onStep: (step: number) => void): RunWrapper {
  return async (run) => {
    let step = 0;
    clock.tick = () => {
      step += 1;
      onStep(step);
    };
    try {
      return await run();
    } finally {
      clock.tick = undefined;
    }
  };
}

afterEach(() => {
  clock.tick = undefined;
});

describe.each(HOLDING)('held by %s, at each step of a run', (anchoring) => {
  for (const [nth, scenario] of [...SCOPE_SCENARIOS, ...ARTIFACT_SCENARIOS, ...STREAM_SCENARIOS].entries()) {
    const play = async () => {
      const fixture = new RaceFixture(raceFolder());
      try {
        const setup = scenario.setUp(fixture);
        const before = fixture.look();
        const descriptors = readdirSync('/proc/self/fd').length;
        let steps = 0;
        const count = onEachStep((step) => {
          steps = step;
        });
        await runRound(fixture, scenario, setup, anchoring, count);
        const found: string[] = [];
        for (const { name, acts } of schedules(steps, nth)) {
          let undo: (() => void) | undefined;
          const wrap = onEachStep((step) => {
            if (!acts(step)) return;
            if (undo === undefined) undo = applyAttack(setup.attack, fixture.beside('aside'));
            else {
              undo();
              undo = undefined;
            }
          });
          const ending = await runRound(fixture, scenario, setup, anchoring, wrap);
          undo?.();
          found.push(...forbidden(scenario, ending).map((reason) => `${name}: ${reason}`));
        }
        expect(steps).toBeGreaterThan(9);
        expect(found).toEqual([]);
        expect(fixture.look()).toEqual(before);
        expect(readdirSync('/proc/self/fd').length).toBe(descriptors);
        if (setup.attack[0] !== 'hunt') expect(fixture.leftovers()).toEqual([]);
      } finally {
        fixture.close();
      }
    };
    itWith(['mkfifo'], scenario.name, play, 240_000);
  }
});

describe.each(HOLDING)('held by %s, another run at each step of a run', (anchoring) => {
  const OWN = hashListOf(PROJECT);
  const passing: RaceSetup = {
    attack: ['toggle', '', ''],
    states: [PROJECT],
    planted: { [HASHES]: [OWN], [LOCK]: [OWN] },
  };

  it.each(['check', 'baseline', 'verify', 'hashList'] as const)(
    'another run that replaces the artifacts disturbs no %s',
    async (command) => {
      const fixture = new RaceFixture(raceFolder());
      try {
        for (const path of [HASHES, LOCK]) fixture.write('project', { [path]: OWN });
        let steps = 0;
        for (let at = 0; at <= steps; at += at === 0 ? 1 : Math.min(STRIDE, 3)) {
          if (command === 'hashList') putFile(OWN, fixture.at(HASHES));
          const wrap = onEachStep((step) => {
            if (at === 0) steps = step;
            if (step !== at && step !== at + 1) return;
            // As a run does it: the lockfile and the hash list one after the other, each at once.
            putFile(OWN, fixture.at(step === at ? LOCK : HASHES), fixture.beside('fresh'));
          });
          expect(await runRound(fixture, { command }, passing, anchoring, wrap), `step ${at}`).toBe('PASS');
        }
      } finally {
        fixture.close();
      }
    },
    240_000,
  );
});
