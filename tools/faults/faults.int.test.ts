// SPDX-License-Identifier: Apache-2.0
/**
 * Holds every command to what docs/reliability.md says of it: a selection of faults, the same every time, and the effects of
 * all commands that only print. `pnpm faults` tries everything, and writes the tables.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listCommands } from '../lanes/commands.js';
import { itWith, missingTools } from '../testing/tools.js';
import { countChanges } from './effects.js';
import { ANSWER_FAULTS, INPUT_FAULTS, WRITE_FAULTS } from './faults.js';
import { type OpenLab, openLab } from './lab.js';
import { formatEffects, readTables } from './page.js';
import { setStage } from './play.js';
import { isTraced, nameOf } from './scene.js';
import { SCENES } from './scenes.js';
import { eachOf, faultsOf, type Selection, tryScene } from './trial.js';

const tables = readTables(readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8'));
const quick = SCENES.filter(({ slow }) => !slow);

let lab: OpenLab;
beforeAll(async () => {
  if (missingTools(TOOLS).length === 0) lab = await openLab();
}, 120_000);
afterAll(() => lab?.close());

const TOOLS = ['bash', 'gcc', 'mkfifo', 'strace', 'git'];

it('every command has a scene, and every scene is of a command', async () => {
  const commands = (await listCommands()).map(({ bin, words }) => [bin, ...words].join(' '));
  expect([...new Set(SCENES.map(({ command }) => command))].sort()).toEqual(commands.sort());
  const names = SCENES.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
});

it('the page has a row for every scene, and a cell for every fault that it can meet', () => {
  expect([...tables.keys()].sort()).toEqual(SCENES.map(nameOf).sort());
  for (const scene of SCENES) {
    const row = tables.get(nameOf(scene));
    for (const { name } of faultsOf(scene)) expect(row?.has(name), `${nameOf(scene)}: ${name}`).toBe(true);
    expect(row?.has('sockets'), nameOf(scene)).toBe(isTraced(scene));
  }
});

it('the page names no command that only prints and yet changes a file or opens a socket, but for a pipe to git', () => {
  for (const [name, row] of tables) {
    if (!row.has('sockets')) continue;
    // Without a commit git is asked for it; Node's pipes to a program are sockets that have no name.
    const isAsking = name.endsWith('without --source-commit');
    expect([name, ...['sockets', 'programs', 'files changed'].map((column) => row.get(column))]).toEqual([
      name,
      isAsking ? ['socketpair AF_UNIX'] : ['none'],
      isAsking ? ['git'] : ['none'],
      ['none'],
    ]);
  }
});

/** One fault of the answer, one of what is read, and two while something is written, each elsewhere in each scene. */
const SELECTION: Selection = {
  faults(scene) {
    const index = quick.indexOf(scene);
    const turn = <T>(list: readonly T[], more = 0): T => list[(index + more) % list.length] as T;
    return [
      ...(scene.leaves === 'files' ? [turn(WRITE_FAULTS), turn(WRITE_FAULTS, 2)] : []),
      turn(ANSWER_FAULTS),
      turn(INPUT_FAULTS),
    ];
  },
  places: (scene, _, places) => (places === 0 ? [] : [1 + ((quick.indexOf(scene) * 7) % places)]),
  traces: isTraced,
};

itWith(
  TOOLS,
  'the library that puts faults in counts every call that changes a file, as strace sees them',
  async () => {
    const scene = quick.find(({ command }) => command === 'latticra-seal baseline') ?? expect.fail();
    const stage = await setStage(scene, lab);
    expect(stage.calls.change).toBeGreaterThan(10);
    expect(countChanges(scene, lab, stage.folder)).toBe(stage.calls.change);
    stage.close();
  },
  60_000,
);

itWith(
  TOOLS,
  'what comes of faults, and what a command that only prints does, is what the page says',
  async () => {
    // What needs QEMU is tried where that is installed.
    const scenes = quick.filter(({ needs = [] }) => missingTools(needs).length === 0);
    const trials = await eachOf(scenes, (scene) => tryScene(scene, lab, SELECTION));
    for (const { name, cells, effects } of trials) {
      const row = tables.get(name);
      for (const [fault, { outcomes }] of cells)
        for (const outcome of outcomes) expect(row?.get(fault), `${name}: ${fault}`).toContain(outcome);
      if (effects === undefined) continue;
      expect([name, ...formatEffects(effects)]).toEqual([
        name,
        ...['sockets', 'programs', 'files changed'].map((column) => row?.get(column)?.join('; ')),
      ]);
    }
    expect(trials.length).toBeGreaterThan(30);
  },
  300_000,
);
