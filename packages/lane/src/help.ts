// SPDX-License-Identifier: Apache-2.0
import { COMMON_FLAGS, manifestFlag } from './common-flags.js';
import { type FlagSpec, isOperand } from './flag-specs.js';
import type { Lane } from './lane.js';

const WIDTH = 100;
/** Where explanations begin at the latest: a longer flag has a line of its own, and they never become a column of words. */
const MAX_COLUMN = 44;
/** Choices that take more than this are told in the explanation. */
const MAX_CHOICES = 24;

const EXIT_HELP = `\
Exit: 0 done, 64 usage, 65 bad data, 66 input missing, 69 tool missing, 70 what was run fell short,
      73 output cannot be created, 74 input/output error. The reason is one line on stderr.
`;

/** Formats the text of `--help`. */
export function formatHelp(
  lane: Pick<Lane, 'bin' | 'summary' | 'details' | 'examples' | 'flags' | 'fixture' | 'exits'>,
): string {
  const own = Object.entries(lane.flags);
  const common = Object.entries({ ...manifestFlag(lane), ...COMMON_FLAGS });
  const lengths = [...own, ...common].map(([name, spec]) => flagSyntax(name, spec).length + 4);
  const column = Math.max(...lengths.filter((length) => length <= MAX_COLUMN));
  const list = (entries: [string, FlagSpec][]) =>
    entries.map(([name, spec]) => flagLines(name, spec, column)).join('');
  // A line that goes on says so to the shell that it is pasted into.
  const example = (line: string) =>
    wrap(`${lane.bin} ${line}`.trim().split(/ (?=--)/), ' \\\n      ', WIDTH - 8);
  return [
    `${wrap([`${lane.bin}:`, ...lane.summary.split(' ')], '\n  ', WIDTH - 2)}\n\n`,
    `Usage: ${wrap(usageOf(lane), '\n         ', WIDTH - 9)}\n\n`,
    `${paragraphsOf(lane.details)
      .map((paragraph) => wrap(paragraph.split(' '), '\n'))
      .join('\n\n')}\n\n`,
    own.length > 0 ? `Flags:\n${list(own)}\n` : '',
    `Every lane:\n${list(common)}\n`,
    lane.examples.length > 0
      ? `Examples:\n${lane.examples.map((line) => `  ${example(line)}\n`).join('')}\n`
      : '',
    `${exitLines(lane)}\n`,
  ].join('');
}

/** Returns what `--help` says of the exit statuses. */
export function exitHelp({ exits }: Pick<Lane, 'exits'>): string {
  return exits?.help ?? EXIT_HELP;
}

/** Returns that, laid out for a terminal. */
export function exitLines(lane: Pick<Lane, 'exits'>): string {
  return wrap(exitHelp(lane).trim().split(/\s+/), '\n      ', WIDTH - 6);
}

/** Returns the parts of a command line: the command, what it cannot do without, and that there is more. */
export function usageOf({ bin, flags }: Pick<Lane, 'bin' | 'flags'>): readonly string[] {
  const own = Object.entries(flags);
  const required = own
    .filter(([, spec]) => spec.required === true)
    .map(([name, spec]) => (isOperand(spec) ? operandOf(name, spec) : flagSyntax(name, spec)));
  // What may stand alone is shown where it is left out most of all.
  const alone = own
    .filter(([, spec]) => spec.required !== true && isOperand(spec))
    .map(([name, spec]) => `[${operandOf(name, spec)}]`);
  const shown = required.length + alone.length;
  return [bin, ...required, ...alone, ...(own.length > shown ? ['[flags]'] : [])];
}

/** Returns what a flag takes, without the flag. */
function operandOf(name: string, spec: FlagSpec): string {
  const syntax = flagSyntax(name, spec);
  return syntax.slice(syntax.indexOf(' ') + 1);
}

/** Returns the paragraphs of a text, each on one line: how it is laid out is up to where it is shown. */
export function paragraphsOf(text: string): readonly string[] {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split(/\s+/).join(' '));
}

/** Returns a flag with what it takes, as usage lines and lists show it. */
export function flagSyntax(name: string, spec: FlagSpec): string {
  switch (spec.value) {
    case 'none':
      return spec.short === undefined ? `--${name}` : `--${name}, -${spec.short}`;
    case 'choice':
      return `--${name} ${isLong(spec.choices) ? `<${name.slice(name.lastIndexOf('-') + 1)}>` : spec.choices.join('|')}`;
    case 'integer':
      return `--${name} <n>`;
    case 'path':
      return `--${name} <${spec.placeholder ?? 'path'}>`;
    case 'paths':
      return `--${name} <${spec.placeholder ?? 'path'}>...`;
    case 'text':
      return `--${name} <${spec.placeholder ?? 'text'}>`;
    case 'texts':
      return spec.rest === true
        ? `--${name} <text>, or all behind --`
        : `--${name} <${spec.placeholder ?? 'text'}>, again for each`;
  }
}

/** Returns the explanation of a flag, on one line: what it is for, what may be chosen, and what it is unless given. */
export function flagHelp(spec: FlagSpec): string {
  const choices = spec.value === 'choice' && isLong(spec.choices) ? `: ${spec.choices.join(', ')}` : '';
  const note = 'default' in spec && spec.default !== undefined ? ` (default: ${spec.default})` : '';
  const alone = isOperand(spec) ? '; the flag may be left out' : '';
  return `${spec.help}${choices}${alone}${note}`;
}

const isLong = (choices: readonly string[]) => choices.join('|').length > MAX_CHOICES;

function flagLines(name: string, spec: FlagSpec, column: number): string {
  const indent = ' '.repeat(column);
  const syntax = `  ${flagSyntax(name, spec)}`;
  const head = syntax.length + 2 > column ? `${syntax}\n${indent}` : syntax.padEnd(column);
  return `${head}${wrap(flagHelp(spec).split(' '), `\n${indent}`, WIDTH - column)}\n`;
}

/** Joins words by spaces into lines of at most `width`, as far as the words allow, and the lines by `joint`. */
export function wrap(words: readonly string[], joint: string, width = WIDTH): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join(joint);
}
