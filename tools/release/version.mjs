// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm release:version`: raises versions and writes changelogs by the changesets, and what follows from them: a package
 * that carries code of one that is released gets a patch, and each changelog what is said of its own package. `--plan`
 * only prints what would be raised. `--root <folder>` is for tests.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from '../script/script.mjs';
import { readRelease } from './plan.mjs';
import { splitChangeset } from './split.mjs';

const OWN = fileURLToPath(new URL('../..', import.meta.url));
const { values } = readArguments(import.meta.url, {
  root: { type: 'string', default: OWN },
  plan: { type: 'boolean', default: false },
});
const { root } = values;

const release = await readRelease(root);
for (const line of release.refused) process.stderr.write(`${line}\n`);
if (release.refused.length > 0) process.exit(1);
if (values.plan) print();
else raise();
// Nx keeps handles of its cache open.
process.exit();

function print() {
  for (const name of release.planned) process.stdout.write(`${name}\n`);
  for (const { name, carries } of release.derived)
    process.stdout.write(`${name}, which carries ${carries.join(', ')}\n`);
}

/** Puts the changesets of each package in the place of those that were written, and has them applied. */
function raise() {
  const folder = join(root, '.changeset');
  const written = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const kept = new Map(written.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const own = release.changesets.flatMap(splitChangeset).filter(({ type }) => type !== 'none');
  const carriers = release.derived.map(({ name, carries }) => ({
    name,
    type: 'patch',
    summary: `Carries what is new in ${carries.map((other) => `\`${other}\``).join(', ')}.`,
  }));
  const made = [...own, ...carriers].map(({ name, type, summary }, index) => ({
    file: join(folder, `own-${String(index).padStart(5, '0')}.md`),
    text: `---\n'${name}': ${type}\n---\n\n${summary}\n`,
  }));
  try {
    for (const file of written) rmSync(join(folder, file));
    for (const { file, text } of made) writeFileSync(file, text);
    const changeset = join(OWN, 'node_modules/@changesets/cli/bin.js');
    execFileSync(process.execPath, [changeset, 'version'], { cwd: root, stdio: 'inherit' });
  } catch (error) {
    for (const { file } of made) rmSync(file, { force: true });
    for (const [file, text] of kept) writeFileSync(join(folder, file), text);
    throw error;
  }
}
