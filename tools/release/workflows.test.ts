// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readProjects } from '../architecture/workspace.js';
import { SUPPORTED } from '../consumers/nodes.mjs';

const FOLDER = join(ROOT, '.github/workflows');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

describe.each(readdirSync(FOLDER))('%s', (file) => {
  it('a workflow uses no action but one that is pinned by its whole commit', () => {
    const uses = [...read(file).matchAll(/^\s*(?:- )?uses:\s*(\S+)/gm)].map(([, action]) => action);
    for (const action of uses) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
  });

  it('a workflow is given nothing that it does not name, and names only what it needs', () => {
    const granted = [...read(file).matchAll(/^ +([a-z-]+): (?:write|read)$/gm)].map(([line]) => line.trim());
    expect(read(file)).toMatch(/^permissions:/m);
    const needed = file === 'release.yml' ? ['contents: write', 'id-token: write'] : ['contents: read'];
    expect(granted).toEqual(needed);
  });

  it('nothing that a stranger can write is put into a script', () => {
    const expressions = [...read(file).matchAll(/\$\{\{ *([^}]+?) *\}\}/g)].map(
      ([, expression]) => expression,
    );
    const allowed = ['github.ref', 'github.token', 'matrix.node', 'secrets.NPM_TOKEN'];
    expect(expressions.filter((expression) => !allowed.includes(expression ?? ''))).toEqual([]);
    const scripts =
      read(file)
        .match(/^ +run: \|\n(?: {10}.*\n)+/gm)
        ?.join('') ?? '';
    expect(scripts).not.toMatch(/\$\{\{ *(github|secrets)\b/);
  });
});

it('the checks run on every version of Node that is supported', () => {
  expect(read('ci.yml')).toContain(`node: [${SUPPORTED.join(', ')}]`);
});

it('the packages are tried with every version of Node that is supported, by CI and before a release', () => {
  expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(/ consumers --supported$/m);
  const steps = readFileSync(join(ROOT, 'tools/release/steps.mjs'), 'utf8');
  expect(steps).toContain("pnpm('consumers', '--supported')");
});

it('the oldest version of Node that is supported is the one that every manifest asks for', () => {
  for (const { manifest } of readProjects())
    expect(`${manifest.name} ${manifest.engines?.node}`).toMatch(new RegExp(` >=${SUPPORTED[0]}\\.`));
});
