// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm api`: writes `api.md` of every library from its sources. `--check` writes nothing, and exits with 1 where one would be
 * another, and where an API changed since the last release, or on this branch, and no changeset says so as it has to.
 * `--since <commit>` compares with another commit than where the branch began. `--root <folder>` is for tests.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { readArguments } from '../script/script.mjs';
import { declare, formatReport, librariesIn } from './report.mjs';
import { undeclaredSince } from './since.mjs';

const OWN = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const ASSETS = join(OWN, 'tools/assets/assets.d.ts');
const { values } = readArguments(import.meta.url, {
  check: { type: 'boolean', default: false },
  since: { type: 'string' },
  root: { type: 'string', default: OWN },
});
const { root } = values;

const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root);
const libraries = librariesIn(root);
const texts = declare(
  [...libraries.flatMap(({ entries }) => entries.map(({ file }) => file)), ASSETS],
  options,
);
const reports = libraries.map((library) => ({ ...library, report: formatReport(library, texts, root) }));
const problems = [];

for (const { folder, report } of reports) {
  const file = join(root, folder, 'api.md');
  const stands = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (report === stands) continue;
  if (values.check) problems.push(`${folder}/api.md: is not what the sources export; run pnpm api`);
  else writeFileSync(file, report);
}
if (values.check || values.since !== undefined) {
  const compared = undeclaredSince(root, reports, values.since);
  problems.push(...compared.problems);
  // What cannot be compared may have changed.
  if (compared.unknown !== undefined)
    problems.push(`api: cannot be compared with what was: ${compared.unknown}`);
}
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exitCode = problems.length === 0 ? 0 : 1;
