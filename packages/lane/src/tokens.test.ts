// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FlagSpecs } from './flag-specs.js';
import { tokensOf } from './tokens.js';

const SPECS: FlagSpecs = {
  help: { value: 'none', short: 'h', help: '' },
  quiet: { value: 'none', help: '' },
  output: { value: 'path', short: 'o', help: '' },
  name: { value: 'text', help: '' },
  files: { value: 'paths', help: '' },
};

/** Returns what Node makes of the same arguments. */
function byNode(argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(SPECS).map(([name, { value, short }]) => [
      name,
      {
        type: value === 'none' ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const settings = { options, strict: false, allowPositionals: true, tokens: true } as const;
  return parseArgs({ args: [...argv], ...settings }).tokens.map((token) => {
    if (token.kind === 'option-terminator') return { kind: 'terminator' };
    if (token.kind === 'positional') return { kind: 'positional', value: token.value };
    const { kind, name, rawName, value, inlineValue } = token;
    return { kind, name, rawName, value, isInline: inlineValue === true };
  });
}

const argument = fc.oneof(
  fc.constantFrom(
    '--',
    '-',
    '',
    '--help',
    '-h',
    '-o',
    '--output',
    '--output=',
    '--output=a=b',
    '--name',
    '--no',
  ),
  fc.constantFrom(
    '-hh',
    '-ho',
    '-hofile',
    '-ofile',
    '-o=x',
    '-x',
    '-xh',
    '-é',
    '--=',
    '--=x',
    '--a=',
    '---',
    '-=',
    'x',
  ),
  fc.string({ unit: fc.constantFrom('-', '=', 'h', 'o', 'x', 'é'), maxLength: 6 }),
);

it('arguments are split as Node splits them', () => {
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (argv) => {
      expect(tokensOf(argv, SPECS)).toEqual(byNode(argv));
    }),
    { numRuns: 2000 },
  );
});

it('a value that looks like a flag is the value of the flag before it', () => {
  expect(tokensOf(['--output', '--help'], SPECS)).toEqual([
    { kind: 'option', name: 'output', rawName: '--output', value: '--help', isInline: false },
  ]);
});
