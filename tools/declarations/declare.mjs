// SPDX-License-Identifier: Apache-2.0
/** Declares what libraries export, with their comments: the types that a package ships. */
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { inOneOrder, librariesIn } from '../api/report.mjs';

/** Assets that are imported have no types of their own: what is said of them in general is read with the sources. */
const ASSETS = 'tools/assets/assets.d.ts';

/**
 * Declares every source that an entry of a library reaches, in one program.
 * @param root the workspace's folder
 * @returns `texts`, a Map from the path of each, `packages/<name>/<source>.d.ts` without `src`, in the order of their names; and
 *   `problems`, one line for each export whose type cannot be told
 */
export function declareLibraries(root) {
  const libraries = librariesIn(root);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root);
  const entries = libraries.flatMap(({ entries }) => entries.map(({ file }) => file));
  const program = ts.createProgram([...entries, join(root, ASSETS)], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
  });
  const declared = new Map();
  const { diagnostics } = program.emit(
    undefined,
    (path, text, _, __, sources) => {
      for (const { fileName } of sources ?? [])
        if (path.endsWith('.d.ts')) declared.set(relative(root, fileName), inOneOrder(text));
    },
    undefined,
    true,
  );
  const texts = libraries.flatMap(({ folder, entries }) =>
    reached(
      declared,
      entries.map(({ file }) => relative(root, file)),
    ).map((file) => [
      file.replace(`${folder}/src/`, `${folder}/`).replace(/\.ts$/, '.d.ts'),
      declared.get(file),
    ]),
  );
  const host = {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (path) => path,
    getNewLine: () => '\n',
  };
  return {
    texts: new Map(texts.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    problems: diagnostics.map((diagnostic) => ts.formatDiagnostic(diagnostic, host).trim()),
  };
}

/**
 * Lists the sources whose declarations those of the entries need, the entries too: a package ships no others. What is another
 * package's is imported by its name, and not followed.
 */
function reached(declared, entries) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const { fileName } of ts.preProcessFile(declared.get(file)).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const source = join(dirname(file), fileName.replace(/\.js$/, '.ts'));
      if (!declared.has(source))
        throw new Error(`${file}: declares with ${fileName}, which has no declarations`);
      visit(source);
    }
  };
  for (const file of entries) visit(file);
  return [...found];
}
