// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/workspace.js';
import { DESCRIPTIONS } from '../documents/descriptions.js';
import { removeOwnFolders } from '../fuzz/own-folder.js';
import { TARGETS } from '../fuzz/targets/targets.js';
import { documentValue, freeze, frozenIn, inputOf, LEFT_OUT } from './freeze.js';

const FOLDER = import.meta.dirname;
const VERSIONS = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

// `pnpm freeze 1.x` keeps what is written now; a reader that came later is added where it has nothing yet.
beforeAll(async () => {
  const version = process.env.FREEZE;
  if (version !== undefined) await freeze(join(FOLDER, version));
});

afterAll(removeOwnFolders);

it('every reader of what comes from outside has something of this version that was kept, or a reason why not', () => {
  const kept = readdirSync(join(FOLDER, '0.x')).filter(
    (name) => frozenIn(join(FOLDER, '0.x'), name).length > 0,
  );
  expect([...kept, ...Object.keys(LEFT_OUT)].sort()).toEqual(TARGETS.map(({ name }) => name).sort());
});

it('every kind of document that docs/documents.md lists was kept, with what it was read as', () => {
  const titles = [...readFileSync(join(ROOT, 'docs/documents.md'), 'utf8').matchAll(/^## (.+)$/gm)];
  const kept = Object.entries(DESCRIPTIONS)
    .filter(([name]) => frozenIn(join(FOLDER, '0.x'), name).every(({ value }) => value !== undefined))
    .map(([, { title }]) => title);
  expect(kept).toEqual(titles.map(([, title]) => title));
});

describe.each(VERSIONS)('what version %s wrote', (version) => {
  const folder = join(FOLDER, version);
  it.each(readdirSync(folder))('%s is read today, and says what it said', async (name) => {
    const target = TARGETS.find((each) => each.name === name);
    if (target === undefined) return expect.fail('no reader has this name any more');
    for (const { bytes, value } of frozenIn(folder, name)) {
      await target.run(inputOf(bytes));
      expect(documentValue(name, bytes)).toEqual(value);
    }
  });
});
