// SPDX-License-Identifier: Apache-2.0
import type { FlagSpec, FlagSpecs } from './flags.js';
import type { Lane } from './lane.js';

const WIDTH = 100;

/** Flags that every lane takes. */
export const COMMON_FLAGS = {
  json: { value: 'none', help: 'print the same answer as JSON' },
  help: { value: 'none', short: 'h', help: 'print this text' },
  version: { value: 'none', help: 'print the version' },
} as const satisfies FlagSpecs;

/** Returns the `--manifest` flag of a lane, or nothing for a lane that no fixture guards. */
export function manifestFlag({ fixture }: Pick<Lane, 'fixture'>): FlagSpecs {
  if (fixture === undefined) return {};
  const help = `readiness fixture to be guarded by (default: ${fixture.defaultPath} here, else the one that ships)`;
  return { manifest: { value: 'path', help } };
}

const EXIT_HELP = `\
Exit: 0 done, 64 usage, 65 bad data, 66 input missing, 69 tool missing, 70 what was run fell short,
      73 output cannot be created, 74 input/output error. The reason is one line on stderr.
`;

/** Formats the text of `--help`. */
export function formatHelp(
  lane: Pick<Lane, 'bin' | 'summary' | 'details' | 'examples' | 'flags' | 'fixture' | 'exits'>,
): string {
  const own = Object.entries(lane.flags);
  // A lane may give a common flag a meaning of its own: it is then listed as the lane's.
  const common = Object.entries({ ...manifestFlag(lane), ...COMMON_FLAGS }).filter(
    ([name]) => !Object.hasOwn(lane.flags, name),
  );
  const column = Math.max(...[...own, ...common].map(([name, spec]) => flagSyntax(name, spec).length)) + 4;
  const list = (entries: [string, FlagSpec][]) =>
    entries.map(([name, spec]) => flagLines(name, spec, column)).join('');
  const required = own
    .filter(([, spec]) => spec.required === true)
    .map(([name, spec]) =>
      spec.value === 'path' && spec.operand === true
        ? `<${spec.placeholder ?? 'path'}>`
        : flagSyntax(name, spec),
    );
  const usage = [lane.bin, ...required, ...(own.length > required.length ? ['[flags]'] : [])];
  // A line that goes on says so to the shell that it is pasted into.
  const example = (line: string) => wrap(`${lane.bin} ${line}`.trim().split(/ (?=--)/), ' \\\n      ');
  return [
    `${lane.bin}: ${lane.summary}\n\n`,
    `Usage: ${wrap(usage, '\n         ')}\n\n`,
    `${lane.details.trim()}\n\n`,
    own.length > 0 ? `Flags:\n${list(own)}\n` : '',
    `Every lane:\n${list(common)}\n`,
    lane.examples.length > 0
      ? `Examples:\n${lane.examples.map((line) => `  ${example(line)}\n`).join('')}\n`
      : '',
    lane.exits?.help ?? EXIT_HELP,
  ].join('');
}

function flagSyntax(name: string, spec: FlagSpec): string {
  switch (spec.value) {
    case 'none':
      return `--${name}`;
    case 'choice':
      return `--${name} ${spec.choices.join('|')}`;
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

function flagLines(name: string, spec: FlagSpec, column: number): string {
  const note = 'default' in spec && spec.default !== undefined ? ` (default: ${spec.default})` : '';
  const indent = ' '.repeat(column);
  const head = `  ${flagSyntax(name, spec)}`.padEnd(column);
  return `${head}${wrap(`${spec.help}${note}`.split(' '), `\n${indent}`, WIDTH - column)}\n`;
}

/** Joins words by spaces into lines of at most `width`, as far as the words allow, and the lines by `joint`. */
function wrap(words: readonly string[], joint: string, width = WIDTH): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join(joint);
}
