// SPDX-License-Identifier: Apache-2.0
/** The commands that pages show: in blocks of shell, in console sessions, and in code within a sentence. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, ROOT } from './blocks.js';

/** One command, without what feeds it or takes its output. */
export interface Command {
  /** The page, relative to the root. */
  readonly page: string;
  readonly words: readonly string[];
}

/** Returns every command of a page. */
export function commandsOn(page: string): Command[] {
  const lines = blocksOf(page).flatMap(({ language, text }) => {
    if (language !== 'sh' && language !== 'console') return [];
    const whole = firstTurns(withoutFiles(text)).replace(/\\\n/g, ' ').split('\n');
    if (language === 'sh') return whole;
    return whole.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  });
  return [...lines, ...spansOf(page)].flatMap((line) => splitLine(line).map((words) => ({ page, words })));
}

/** Finds code within a sentence that is a command with arguments; a name alone, or with a placeholder, is none. */
function spansOf(page: string): string[] {
  const prose = readFileSync(join(ROOT, page), 'utf8').replace(/^( *)```[\s\S]*?^\1```$/gm, '');
  return [...prose.matchAll(/`([^`]+)`/g)]
    .map(([, span = '']) => span.replace(/\s+/g, ' '))
    .filter((span) => /^(pnpm|npm|(test-)?latticra[\w-]*|(test-)?seabios[\w-]+) [^<…]+$/.test(span));
}

/** Takes out what a shell hands on as a file: all from `<<'END'` to `END`. */
const withoutFiles = (text: string) => text.replace(/ <<'(\w+)'(.*)\n[\s\S]*?^\1$/gm, '$2');

/** Returns a text with every loop in its first turn: `for` itself taken out, and its variable by its first value. */
function firstTurns(text: string): string {
  const loops = [...text.matchAll(/^ *for (\w+) in (\S+)[^;\n]*; do$/gm)];
  return loops.reduce(
    (rest, [head, name = '', value = '']) => rest.replace(head, '').replaceAll(`$${name}`, value),
    text,
  );
}

/** Words of the shell that stand in front of a command, or alone. */
const KEYWORDS: ReadonlySet<string> = new Set(['until', 'do', 'done']);

/** Splits a line of shell into its commands: words without quotes, assignments, redirections and comments. */
export function splitLine(line: string): string[][] {
  const tokens =
    line.replace(/(^|\s)#\s.*$/, '').match(/(?:[^\s'"|&;()<>]|'[^']*'|"[^"]*")+|[|&;()<>]+/g) ?? [];
  const commands: string[][] = [[]];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (/^[<>]/.test(token)) at++;
    else if (/^[|&;()]/.test(token)) commands.push([]);
    else commands.at(-1)?.push(token.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  }
  return commands
    .map((words) =>
      words.slice(
        Math.max(
          0,
          words.findIndex((word) => !/^[A-Z_]+=/.test(word)),
        ),
      ),
    )
    .map((words) => (KEYWORDS.has(words[0] ?? '') ? words.slice(1) : words))
    .filter((words) => words.length > 0);
}
