// SPDX-License-Identifier: Apache-2.0
/** Type checks of a project that imports everything, as TypeScript resolves it in each way that is in use. */
import { join } from 'node:path';
import ts from 'typescript';
import { write } from './tarballs.mjs';

const { ModuleKind, ModuleResolutionKind } = ts;
const WAYS = {
  node16: { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16, files: ['esm.mts'] },
  nodenext: {
    module: ModuleKind.NodeNext,
    moduleResolution: ModuleResolutionKind.NodeNext,
    // What node16 does not allow of an ES module: Node of that time could not.
    files: ['esm.mts', 'cjs.cts'],
  },
  bundler: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler, files: ['esm.mts'] },
};

/** Returns what TypeScript finds wrong, by the way of resolution; the declarations of the packages are checked too. */
export function typeErrors(folder, entries) {
  const used = entries.map((_, index) => `m${index}`).join(', ');
  const text = (line) => `${entries.map(line).join('\n')}\nexport const all: object[] = [${used}];\n`;
  write(
    join(folder, 'esm.mts'),
    text((entry, index) => `import * as m${index} from '${entry}';`),
  );
  write(
    join(folder, 'cjs.cts'),
    text((entry, index) => `import m${index} = require('${entry}');`),
  );
  return Object.entries(WAYS).map(([way, { files, ...options }]) => {
    const program = ts.createProgram({
      rootNames: files.map((file) => join(folder, file)),
      options: {
        ...options,
        strict: true,
        noEmit: true,
        target: ts.ScriptTarget.ES2022,
        // Of Node's own types, not all of which pass without; those of the packages are checked below.
        skipDefaultLibCheck: true,
        types: ['node'],
        typeRoots: [join(folder, 'node_modules/@types')],
      },
    });
    const found = ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => !file?.fileName.includes('/@types/'));
    const host = {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => folder,
      getNewLine: () => '\n',
    };
    return { way, errors: ts.formatDiagnostics(found, host) };
  });
}
