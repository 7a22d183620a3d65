// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/workspace.js';
import { DESCRIPTIONS } from '../documents/descriptions.js';
import { type Bundle, bundleWorker } from './bundle.js';
import { LEFT_OUT } from './left-out.js';
import { exportedReaders } from './readers.js';
import { TARGETS } from './targets/targets.js';
import { runTargets } from './watch.js';
import type { Answer } from './work.js';

const SEED = 20_260_101;
/** Enough to reach every reader, and to end within seconds; `pnpm fuzz` goes on for as long as it is told. */
const RUNS = 60;

let folder = '';
let bundle: Bundle;
let answers: readonly Answer[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  bundle = await bundleWorker(ROOT, folder);
  const targets = TARGETS.map(({ name }) => name);
  answers = await runTargets(bundle.script, {
    targets,
    seed: SEED,
    seeds: {},
    runs: RUNS,
    limitMs: 2 ** 31,
  });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every reader of what comes from outside', () => {
  it.each(TARGETS)('$name refuses hostile input as it has to, or reads it', ({ name }) => {
    const answer = answers.find(({ target }) => target === name);
    expect(answer?.runs).toBeGreaterThanOrEqual(RUNS);
    expect(answer?.findings.map(({ fault, stack }) => `${fault}\n${stack}`)).toEqual([]);
  });

  it('every reader that a package exports is entered by sound inputs of a target, or named with the reason why not', () => {
    const entered = new Set(answers.flatMap(({ soundBranches }) => soundBranches));
    const left = exportedReaders().filter((name) => !entered.has(bundle.functions.get(name) ?? -1));
    expect(left.sort()).toEqual(Object.values(LEFT_OUT).flat().sort());
  });

  it('every description of a document is a target', () => {
    const names = TARGETS.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(DESCRIPTIONS)));
    expect(new Set(names).size).toBe(names.length);
  });
});
