// SPDX-License-Identifier: Apache-2.0
/** Type-checks blocks of TypeScript in one program, beside the sources that they import. */
import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow } from '../testing/files-below.js';
import { type Block, ROOT } from './blocks.js';

/** Returns where a block would be if it were a file: no such file exists. */
export const fileOf = ({ file, line }: Block) => join(ROOT, `${file}.${line}.ts`);

/**
 * Returns the folder in which a package of this workspace resolves its own name, so with its `exports`, as for
 * a consumer.
 */
export function folderOf(specifier: string): string | undefined {
  const [, name] = /^@latticra\/([^/]+)/.exec(specifier) ?? [];
  return name === undefined ? undefined : join(ROOT, 'packages', name);
}

/** Returns what the compiler has to say of each block, by `file:line` of the page. */
export function problemsOf(blocks: readonly Block[]): Map<Block, string[]> {
  const options = compilerOptions();
  const texts = new Map(blocks.map((block) => [fileOf(block), block.text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.getCurrentDirectory = () => ROOT;
  host.fileExists = (path) => texts.has(path) || fileExists.call(host, path);
  host.readFile = (path) => texts.get(path) ?? readFile.call(host, path);
  host.getSourceFile = (path, target, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile.call(host, path, target, ...rest)
      : ts.createSourceFile(path, text, target);
  };
  host.resolveModuleNameLiterals = (literals, from, _, settings) =>
    literals.map(({ text }) => {
      const folder = texts.has(from) ? folderOf(text) : undefined;
      return ts.resolveModuleName(
        text,
        folder === undefined ? from : join(folder, 'consumer.ts'),
        settings,
        host,
      );
    });
  const program = ts.createProgram([...texts.keys(), ...ambientTypes()], options, host);
  return new Map(blocks.map((block) => [block, problemsIn(program, block)]));
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, ROOT);
  // An example may end with the value that it is about.
  return {
    ...options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
}

/** Lists the declarations of assets and globals, for the sources that the blocks import. */
function ambientTypes(): string[] {
  return ['packages', 'tools/assets'].flatMap((folder) =>
    filesBelow(ROOT, folder)
      .filter((path) => path.endsWith('.d.ts'))
      .map((path) => join(ROOT, path)),
  );
}

function problemsIn(program: ts.Program, block: Block): string[] {
  const source = program.getSourceFile(fileOf(block));
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return found.map(({ start = 0, messageText }) => {
    const line = block.line + (source?.getLineAndCharacterOfPosition(start).line ?? 0);
    return `${block.file}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
