// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm api`: writes `api.md` of every library from its sources. `--check` writes nothing, and exits with 1 where one would be
 * another. `--since <ref>` does besides where an API lost or changed something since then, and no changeset says so.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { bumpsOf, undeclared } from './breaking.mjs';
import { declare, formatReport, librariesIn } from './report.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const ASSETS = join(ROOT, 'tools/assets/assets.d.ts');
const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, since: { type: 'string' } },
});

const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, ROOT);
const libraries = librariesIn(ROOT);
const texts = declare(
  [...libraries.flatMap(({ entries }) => entries.map(({ file }) => file)), ASSETS],
  options,
);
const changesets = join(ROOT, '.changeset');
const bumps = bumpsOf(
  readdirSync(changesets)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(changesets, name), 'utf8')),
);

/** Returns a file as it was at a commit; empty where it was not there. */
function fileAt(ref, path) {
  try {
    return execFileSync('git', ['show', `${ref}:${path}`], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

const problems = [];
for (const library of libraries) {
  const path = join(library.folder, 'api.md');
  const file = join(ROOT, path);
  const report = formatReport(library, texts, ROOT);
  const stands = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (report !== stands && values.check)
    problems.push(`${path}: is not what the sources export; run pnpm api`);
  else if (report !== stands) writeFileSync(file, report);
  if (values.since === undefined) continue;
  const { version } = JSON.parse(readFileSync(join(ROOT, library.folder, 'package.json'), 'utf8'));
  const before = fileAt(values.since, path);
  const problem = undeclared({ name: library.name, version, before, after: report, bumps });
  if (problem !== undefined) problems.push(problem);
}
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exitCode = problems.length === 0 ? 0 : 1;
