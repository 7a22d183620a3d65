// SPDX-License-Identifier: Apache-2.0
/**
 * Type-checks one project: `node tools/typecheck.mjs packages/lane`. Options and files are those of tsconfig.base.json,
 * so that all projects together are what `pnpm typecheck` checks in one go. What a project imports is read from its
 * sources, and checked where it belongs. `tools` has what lies in no package and no app.
 */
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ASSETS = join(ROOT, 'tools/assets/assets.d.ts');

const [project] = process.argv.slice(2);
const { config, error } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, ROOT);

/** The project that a file belongs to. */
function projectOf(file) {
  const [kind, name] = relative(ROOT, file).split(sep);
  return ['packages', 'apps'].includes(kind) ? `${kind}/${name}` : 'tools';
}

const own = fileNames.filter((file) => projectOf(file) === project);
if (own.length === 0) {
  process.stderr.write(`${project}: no project of this workspace\n`);
  process.exit(64);
}
const program = ts.createProgram({ rootNames: [...own, ASSETS], options });
const found = [
  ...(error ? [error] : []),
  ...errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  // Also what no pattern of `include` names, but a file of the project imports.
  ...program
    .getSourceFiles()
    .filter(({ fileName }) => !fileName.includes('/node_modules/') && projectOf(fileName) === project)
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
];
process.stdout.write(
  ts.formatDiagnostics(found, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => ROOT,
    getNewLine: () => '\n',
  }),
);
process.exit(found.length === 0 ? 0 : 2);
