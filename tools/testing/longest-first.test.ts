// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BaseSequencer, type TestSpecification, type Vitest } from 'vitest/node';
import { LongestFirst, longestLimit } from './longest-first.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-order-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the longest time limit of a source is read off its numbers', () => {
  expect(longestLimit('const TIME_LIMIT = 180_000;\n}, 30_000);')).toBe(180_000);
  expect(longestLimit("it('is quick', () => 1 + 1_000_000);")).toBe(0);
});

it('files that may take long come first, and those that share a process one after the other', async () => {
  const projects = new Map<string, TestSpecification['project']>();
  const specification = (project: string, name: string, source: string) => {
    const moduleId = join(folder, name);
    writeFileSync(moduleId, source);
    const config = { root: folder, sequence: { groupOrder: 0 } };
    projects.set(
      project,
      projects.get(project) ?? ({ name: project, config } as unknown as TestSpecification['project']),
    );
    // All that the order looks at.
    return { moduleId, project: projects.get(project) } as unknown as TestSpecification;
  };
  const files = [
    specification('together', 'a', ''),
    specification('programs', 'b', '60_000'),
    specification('apart', 'c', '600_000'),
    specification('programs apart', 'd', '240_000'),
    specification('programs apart', 'e', ''),
    specification('programs', 'f', ''),
    specification('programs apart', 'g', ''),
    specification('programs', 'h', ''),
    specification('together', 'i', '90_000'),
  ];
  const context = {
    config: { root: folder },
    cache: { getFileTestResults: () => undefined, getFileStats: () => undefined },
  } as unknown as Vitest;
  const sorted = await new LongestFirst(context).sort(files);
  expect(sorted.map(({ moduleId }) => moduleId.at(-1)).join('')).toBe('dbfhegcia');
  // Each of them once.
  expect(new Set(sorted)).toEqual(new Set(files));
  expect(new LongestFirst(context)).toBeInstanceOf(BaseSequencer);
});
