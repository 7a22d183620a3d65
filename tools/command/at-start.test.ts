// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { appOf, isAtStart, runsAtStartOf, sourceOf } from './at-start.js';
import { AT_START, IDLE_AT_START } from './at-start-list.js';

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

it.each(Object.entries(IDLE_AT_START))(
  'what %s has for nothing is what another command runs',
  (app, sources) => {
    expect(existsSync(`${ROOT}apps/${app}/src/lane.ts`)).toBe(true);
    expect(sources.filter((source) => !AT_START.includes(source))).toEqual([]);
    for (const source of sources) {
      expect([source, isAtStart(source), isAtStart(source, app)]).toEqual([source, true, false]);
      expect([source, runsAtStartOf(source, app)]).toEqual([source, false]);
    }
  },
);

it('it is known of an app by its lane or its command which it is, and of no other what runs', () => {
  expect(appOf(['packages/lane/src/run.ts', 'apps/seal/src/lane.ts'])).toBe('seal');
  expect(appOf(['apps/latticra/src/main.ts'])).toBe('latticra');
  expect(appOf(['apps/latticra/src/other/lane.ts'])).toBe(undefined);
  expect(runsAtStartOf('packages/lane/src/run.ts', 'no-such-app')).toBe(false);
  expect(runsAtStartOf('packages/lane/src/run.ts', Object.keys(IDLE_AT_START)[0] ?? '')).toBe(true);
});
