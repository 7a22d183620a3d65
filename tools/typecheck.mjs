// SPDX-License-Identifier: Apache-2.0
/**
 * Type-checks projects: `node tools/typecheck.mjs packages/lane apps/seal`. Options and files are those of
 * tsconfig.base.json, so that all projects together are what `pnpm typecheck` checks. What a project imports is read from
 * its sources, and checked where it belongs. `tools` has what lies in no package and no app. With `--json` it exits
 * with 0, and prints an object of what was found in each, as text.
 */
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { readArguments, refuse } from './script/script.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ASSETS = join(ROOT, 'tools/assets/assets.d.ts');

const { values, positionals: projects } = readArguments(
  import.meta.url,
  { json: { type: 'boolean', default: false } },
  ['<project>...'],
);
const { config, error } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, ROOT);

/** Returns the project that a file belongs to. */
function projectOf(file) {
  const [kind, name] = relative(ROOT, file).split(sep);
  return ['packages', 'apps'].includes(kind) ? `${kind}/${name}` : 'tools';
}

const own = fileNames.filter((file) => projects.includes(projectOf(file)));
const unknown = projects.find((project) => !own.some((file) => projectOf(file) === project));
if (unknown !== undefined)
  refuse(import.meta.url, `${unknown}: expected projects of this workspace with sources`, 64);
const program = ts.createProgram({ rootNames: [...own, ASSETS], options });
const general = [
  ...(error ? [error] : []),
  ...errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
];

/** Finds what is wrong in a project, also in files that no pattern of `include` names, but another file imports. */
function check(project) {
  const found = program
    .getSourceFiles()
    .filter(({ fileName }) => !fileName.includes('/node_modules/') && projectOf(fileName) === project)
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
  return ts.formatDiagnostics([...general, ...found], {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => ROOT,
    getNewLine: () => '\n',
  });
}

const found = Object.fromEntries(projects.map((project) => [project, check(project)]));
const text = Object.values(found).join('');
process.stdout.write(values.json ? JSON.stringify(found) : text);
process.exitCode = values.json || text === '' ? 0 : 2;
