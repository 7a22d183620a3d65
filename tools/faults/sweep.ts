// SPDX-License-Identifier: Apache-2.0
/**
 * Tries every command with every fault, and writes its rows in docs/reliability.md; a test for vitest, run by `pnpm faults`.
 * `FAULTS_OF=<pattern>` tries the commands whose name fits, and leaves the rows of others as they are; `FAULTS_CHANGE=<number>` at most so
 * many of the calls of each that change something.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { openLab } from './lab.js';
import { formatTables, withTables } from './page.js';
import { isGuard, isTraced, nameOf } from './scene.js';
import { SCENES } from './scenes.js';
import { eachOf, faultsOf, type Selection, tryScene } from './trial.js';

const PAGE = new URL('../../docs/reliability.md', import.meta.url);

/** The most places of one fault in one scene: of a command that takes seconds, and of any other by what is hit there. */
const MOST = {
  slow: Number(process.env.FAULTS_SLOW ?? 3),
  guard: 1,
  change: Number(process.env.FAULTS_CHANGE ?? 60),
  open: 24,
  read: 12,
  list: 12,
};

/** Returns `most` numbers from 1 to `places`, evenly spread, with the first and the last. */
function spread(places: number, most: number): readonly number[] {
  if (places <= most) return Array.from({ length: places }, (_, index) => index + 1);
  if (most === 1) return [Math.ceil(places / 2)];
  return Array.from({ length: most }, (_, index) => 1 + Math.round((index * (places - 1)) / (most - 1)));
}

const SELECTION: Selection = {
  faults: faultsOf,
  places(scene, { calls, name }, places) {
    const { slow } = scene;
    if (name === 'two at once') return slow ? [1] : [1, 2, 3];
    const most = isGuard(scene) ? MOST.guard : slow ? MOST.slow : MOST[calls ?? 'change'];
    return spread(places, most);
  },
  traces: isTraced,
};

it('every command meets every fault', { timeout: 7_200_000 }, async () => {
  const lab = await openLab();
  const only = new RegExp(process.env.FAULTS_OF ?? '');
  const scenes = SCENES.filter((scene) => only.test(nameOf(scene)));
  try {
    await eachOf(scenes, async (scene) => {
      const from = Date.now();
      const trial = await tryScene(scene, lab, SELECTION).catch((error: Error) => {
        process.stdout.write(`${nameOf(scene)}: ${error.message}\n`);
        throw error;
      });
      process.stdout.write(`${nameOf(scene)}: ${((Date.now() - from) / 1000).toFixed(0)} s\n`);
      const page = readFileSync(PAGE, 'utf8');
      writeFileSync(PAGE, withTables(page, formatTables(SCENES, [trial], page)));
    });
  } finally {
    lab.close();
  }
});
