// SPDX-License-Identifier: Apache-2.0
/** The code in what people read: fenced blocks of the Markdown files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  /** Relative to the root. */
  readonly file: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** What follows the fence; empty where nothing does. */
  readonly language: string;
  readonly text: string;
}

/** The pages that people read: at the root, of every project, and in docs. */
export const PAGES = [
  ...below('.').filter((path) => path.endsWith('.md')),
  ...below('docs').filter((path) => path.endsWith('.md')),
  ...['packages', 'apps'].flatMap((kind) => below(kind).map((folder) => `${folder}/README.md`)),
].filter((path) => existsSync(join(ROOT, path)));

/** The programs of docs/examples, each a block of its own, in the order of their names. */
export const PROGRAMS: readonly Block[] = below('docs/examples')
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map((file) => ({ file, line: 1, language: 'ts', text: readFileSync(join(ROOT, file), 'utf8') }));

/** Returns every fenced block of a page, without the indentation of its fence. */
export function blocksOf(file: string): Block[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', language = ''] = /^( *)```(.*)$/.exec(lines[at] ?? '') ?? [];
    if (!/^ *```/.test(lines[at] ?? '')) continue;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end < 0) throw new Error(`${file}:${at + 1}: a block without an end`);
    const text = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    blocks.push({ file, line: at + 2, language, text: `${text.join('\n')}\n` });
    at = end;
  }
  return blocks;
}

/** Returns every block in one of these languages. */
export function blocksIn(...languages: string[]): Block[] {
  return PAGES.flatMap(blocksOf).filter(({ language }) => languages.includes(language));
}

function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).map((name) => (folder === '.' ? name : `${folder}/${name}`));
}

/** Returns the programs behind `@example` in the doc comments of a source, each up to the next tag or the end of the comment. */
export function examplesIn(file: string): Block[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.flatMap((each, at) => {
    if (!/^ *\* @example$/.test(each)) return [];
    const rest = lines.slice(at + 1);
    const code = rest.slice(
      0,
      rest.findIndex((line) => /^ *\*(\/| @\w)/.test(line)),
    );
    const text = code.map((line) => `${line.replace(/^ *\* ?/, '')}\n`).join('');
    return [{ file, line: at + 2, language: 'ts', text }];
  });
}
