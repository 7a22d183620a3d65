// SPDX-License-Identifier: Apache-2.0
import type { FlagSpec, FlagSpecs } from './flags.js';
import type { Lane } from './lane.js';

const WIDTH = 100;

/** Flags that every lane takes. */
export const COMMON_FLAGS = {
  json: { value: 'none', help: 'print the same answer as JSON' },
  help: { value: 'none', help: 'print this text' },
  version: { value: 'none', help: 'print the version' },
} as const satisfies FlagSpecs;

/** The `--manifest` flag of a lane, for the fixture it is guarded by, if any. */
export function manifestFlag({ fixture }: Pick<Lane, 'fixture'>): FlagSpecs {
  if (fixture === undefined) return {};
  const help = `readiness fixture to be guarded by (default: ${fixture.defaultPath} here, else the one that ships)`;
  return { manifest: { value: 'path', help } };
}

const EXIT_HELP = `\
Exit: 0 done, 64 usage, 65 bad data, 66 input missing, 69 tool missing, 70 what was run fell short,
      73 output cannot be created, 74 input/output error. The reason is one line on stderr.
`;

/** The text of `--help`. */
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
    .map(([name, spec]) => ` ${flagSyntax(name, spec)}`);
  return [
    `${lane.bin}: ${lane.summary}\n\n`,
    `Usage: ${lane.bin}${required.join('')}${own.length > required.length ? ' [flags]' : ''}\n\n`,
    `${lane.details.trim()}\n\n`,
    own.length > 0 ? `Flags:\n${list(own)}\n` : '',
    `Every lane:\n${list(common)}\n`,
    lane.examples.length > 0
      ? `Examples:\n${lane.examples.map((line) => `  ${`${lane.bin} ${line}`.trim()}\n`).join('')}\n`
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
  }
}

function flagLines(name: string, spec: FlagSpec, column: number): string {
  const note = 'default' in spec && spec.default !== undefined ? ` (default: ${spec.default})` : '';
  const words = `${spec.help}${note}`.split(' ');
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + word.length + 1 > WIDTH - column) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  const head = `  ${flagSyntax(name, spec)}`.padEnd(column);
  return lines.map((text, index) => `${index === 0 ? head : ' '.repeat(column)}${text}\n`).join('');
}
