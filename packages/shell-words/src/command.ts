// SPDX-License-Identifier: Apache-2.0
import { ShellWordError } from './error.js';
import { quote, quoteWord, showWord } from './quote.js';

/** A `name=value` argument in the manner of dd, whose value is always quoted: `if='/tmp/a.iso'`. */
export interface Operand {
  readonly name: string;
  readonly value: string;
}

/** Words that a shell would not run as a command unless quoted (POSIX.1-2017, Shell Command Language, 2.4). */
const RESERVED = new Set('case do done elif else esac fi for if in then until while'.split(' '));

/**
 * Formats one line that a POSIX shell turns back into exactly these arguments.
 *
 * @example
 * import { formatCommand } from '@latticra/shell-words';
 *
 * const line = formatCommand(['sudo', 'dd', { name: 'if', value: "it's here.iso" }, 'bs=4M']);
 * console.log(line); // sudo dd if='it'\''s here.iso' bs=4M
 *
 * @throws ShellWordError `unprintable`
 */
export function formatCommand(argv: readonly (string | Operand)[]): string {
  return argv
    .map((word, index) => {
      if (typeof word !== 'string') return `${quoteWord(word.name)}=${quote(word.value)}`;
      return index === 0 && RESERVED.has(word) ? quote(word) : quoteWord(word);
    })
    .join(' ');
}

/**
 * Splits a line of plain words, quotes and backslashes into the arguments that a POSIX shell would pass on. A
 * line that asks a shell for more (an expansion, a pipe, a redirection, a second command, a comment) is
 * refused: it is not one command with fixed arguments.
 *
 * @example
 * import { parseCommand } from '@latticra/shell-words';
 *
 * console.log(parseCommand("cp 'a b' c")); // [ 'cp', 'a b', 'c' ]
 *
 * @throws ShellWordError `bad-command`
 */
export function parseCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const token = /'([^']*)'|(")|\\([^\n])|([ \t]+)|([^\s'"\\$`;&|<>()*?[\]#~{}!^=]+|=)|([\s\S])/y;
  for (let found = token.exec(line); found !== null; found = token.exec(line)) {
    const [, single, quote, escaped, space, plain, other] = found;
    const double = quote === undefined ? undefined : takeDouble(line, token.lastIndex);
    const refused = other ?? (double === undefined ? quote : undefined);
    if (refused !== undefined) {
      throw new ShellWordError(
        'bad-command',
        `${showWord(refused)} in ${showWord(line)}: expected plain words`,
      );
    }
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word = (word ?? '') + (single ?? escaped ?? plain ?? unescapeDouble(double ?? ''));
    if (double !== undefined) token.lastIndex += double.length + 1;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/**
 * Takes what stands from `start` up to the next double quote; undefined where there is none, or an expansion before it.
 * What stands between is passed over, and taken by no pattern: one of it runs out of stack where it is long.
 */
function takeDouble(line: string, start: number): string | undefined {
  const special = /["\\$`]/g;
  special.lastIndex = start;
  for (let found = special.exec(line); found !== null; found = special.exec(line)) {
    const [character] = found;
    if (character === '"') return line.slice(start, found.index);
    if (character !== '\\') return undefined;
    // What it escapes is not looked at.
    special.lastIndex = found.index + 2;
  }
  return undefined;
}

/**
 * Removes the backslashes that escape something inside double quotes: before `$`, a backquote, `"` or `\`, and
 * at a line's end (POSIX.1-2017, Shell Command Language, 2.2.3).
 */
function unescapeDouble(text: string): string {
  return text.replace(/\\([$`"\\\n])/g, (_, character: string) => (character === '\n' ? '' : character));
}
