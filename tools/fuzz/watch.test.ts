// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runTargets } from './watch.js';

const folder = mkdtempSync(join(tmpdir(), 'fuzz-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that answers for one target, and then does something else with the input `bad`. */
function script(name: string, then: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { parentPort, workerData as work } from 'node:worker_threads';
const progress = new Int32Array(work.progress);
parentPort.postMessage({ target: 'first', runs: 1, branches: [], soundBranches: [], corpus: 1, findings: [] });
new Uint8Array(work.current).set(Buffer.from('bad'));
progress.set([2, 3, 1]);
${then}`,
  );
  return path;
}

const REQUEST = { targets: ['first', 'second'], seed: 1, seeds: {}, runs: 1, limitMs: 1 };
const LOST = { target: 'second', runs: 1, findings: [{ bytes: Uint8Array.from(Buffer.from('bad')) }] };

describe('runTargets', () => {
  it.each([
    ['hangs', 'for (;;);', /^does not end within 1 s$/, 1000],
    ['ends early', '', /^ends its thread with status 0$/, 60_000],
    ['throws', "setTimeout(() => { throw new Error('why'); }, 10);", /^ends its thread: why$/, 60_000],
    [
      'takes all memory',
      'const all = []; for (;;) all.push(Array(1e5).fill(all.length + 0.5));',
      /^ends its thread: .*memory/,
      60_000,
    ],
  ])(
    'a thread that %s is told of, with its input and what came before',
    async (name, then, expected, hangMs) => {
      const answers = await runTargets(script(name, then), REQUEST, { hangMs, heapMib: 64 });
      expect(answers).toMatchObject([{ target: 'first', findings: [] }, LOST]);
      expect(answers[1]?.findings[0]?.fault).toMatch(expected);
    },
  );
});
