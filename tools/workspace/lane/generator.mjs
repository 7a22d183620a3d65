// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generateFiles } from '@nx/devkit';
import { finish } from '../finish.mjs';
import { writeLanes } from '../lanes.mjs';
import { assertFloor, assertNewName, capitalised, changesetOf, literal, plainText } from '../options.mjs';
import { addChangeset, addRow, edit } from '../tables.mjs';

/** The highest floor that the first files of a lane import from is `manifest`'s. */
const LEAST_FLOOR = 5;

/** Lanes of a family share a page; every other one gets a page of its own. */
const PAGES = [
  [/^os-image-/, 'docs/os-image.md'],
  [/^boot-seed-/, 'docs/boot-seed.md'],
  [/^seabios-grub-boot-preview-/, 'docs/boot-preview.md'],
];

/** Writes a lane that is guarded by its fixture, with its test, and its place in the tables and pages of everybody. */
export default async function generateLane(tree, options) {
  const { name, floor = 8 } = options;
  assertNewName(tree, name);
  assertFloor(floor, LEAST_FLOOR);
  const isPreview = name.startsWith('seabios-grub-boot-preview-');
  const bin = isPreview ? name : `latticra-${name}`;
  const title = plainText('title', options.title ?? bin.replaceAll('-', ' ').toUpperCase());
  const summary = plainText('description', options.description ?? 'report what the readiness fixture claims');
  const page = PAGES.find(([family]) => family.test(name))?.[1];
  generateFiles(tree, join(import.meta.dirname, 'files'), `apps/${name}`, {
    name,
    bin,
    floor,
    title,
    titleLiteral: literal(title),
    summary,
    summaryLiteral: literal(summary),
    description: capitalised(summary),
    fixture: isPreview ? 'bootPreviewFixture' : 'releaseFixture',
    fixturePath: `installer/manifests/${isPreview ? 'seabios-grub-boot-preview' : 'latticra-os-image-release'}.toml`,
    page: page ?? `docs/${name}.md`,
  });
  const row = `| [\`${bin}\`](../apps/${name}) | ${summary} |`;
  const family = `](../apps/${name.split('-', 2).join('-')}`;
  edit(tree, 'docs/lanes.md', (text) =>
    addRow(text, '| command | does |', row, (line) => line.includes(family)),
  );
  const body = `${capitalised(summary)}. It reads the readiness fixture, prints one document, and writes nothing.`;
  if (page !== undefined) {
    edit(tree, page, (text) => `${text.trimEnd()}\n\n## ${bin}\n\n${body}\n`);
  } else {
    tree.write(`docs/${name}.md`, `# ${bin}\n\n${body}\n`);
    edit(tree, 'README.md', (text) =>
      text.replace('\n[Recovery runbook]', `\n[\`${bin}\`](docs/${name}.md) ·\n[Recovery runbook]`),
    );
  }
  addChangeset(tree, changesetOf(name), name, `A new lane, \`${bin}\`: ${summary}.`);
  const done = finish(tree, `apps/${name}`);
  return () => {
    done();
    // latticra has every lane: its table and what it declares are made of what is there now.
    if (existsSync(join(tree.root, 'apps/latticra'))) writeLanes(tree.root);
  };
}
