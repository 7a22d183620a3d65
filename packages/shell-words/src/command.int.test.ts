// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCommand, parseCommand, ShellWordError } from './index.js';

/** Any text without control and invisible characters: what a command may carry. */
const words = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text));

/** What a real shell passes to a program, one argument a line (the words hold no line breaks). */
const shell = (line: string) =>
  execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
    .slice(0, -1)
    .split('\n');

describe('formatCommand', () => {
  it('sh reads a formatted command back as the same words', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), (argv) => {
        expect(shell(formatCommand(argv))).toEqual(argv);
      }),
      { numRuns: 60 },
    );
  });
});

describe('parseCommand', () => {
  it('parseCommand gives the same words as sh for whatever it accepts', () => {
    const fragments = fc.array(fc.constantFrom('a', ' ', "'", '"', '\\', '$', '-', '=', 'é', ';', '/'), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(fragments, (parts) => {
        const line = `x${parts.join('')}`;
        let argv: string[];
        try {
          argv = parseCommand(line);
        } catch (error) {
          expect(error).toBeInstanceOf(ShellWordError);
          return;
        }
        expect(shell(line)).toEqual(argv);
      }),
      { numRuns: 100 },
    );
  });
});
