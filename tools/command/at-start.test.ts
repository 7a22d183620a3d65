// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { isAtStart, sourceOf } from './at-start.js';
import { AT_START } from './at-start-list.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('every source of ours that is said to run at start is there: else run tools/command/at-start.mjs --write', () => {
  const ours = AT_START.filter((source) => !source.startsWith('node_modules/'));
  expect(ours.length).toBeGreaterThan(50);
  expect(ours.filter((source) => !existsSync(`${ROOT}${source}`))).toEqual([]);
});

it.each([
  ['/work/packages/lane/src/run.ts', 'packages/lane/src/run.ts', true],
  ['/work/packages/lane/src/man.ts', 'packages/lane/src/man.ts', false],
  ['C:\\work\\packages\\lane\\src\\run.ts', 'packages/lane/src/run.ts', true],
  ['/work/apps/seal/src/lane.ts', 'apps/seal/src/lane.ts', true],
  [
    '/work/apps/seal/dist/packages/held-files/src/aside/thread.ts',
    'packages/held-files/src/aside/thread.ts',
    false,
  ],
  [
    '/work/node_modules/.pnpm/tinyexec@1.4.0/node_modules/tinyexec/dist/main.mjs',
    'node_modules/tinyexec/dist/main.mjs',
    false,
  ],
  ['/tmp/elsewhere.ts', '/tmp/elsewhere.ts', false],
])('%s is the source %s, which runs at start: %s', (path, source, runs) => {
  expect(sourceOf(path)).toBe(source);
  expect(isAtStart(source)).toBe(runs);
});
