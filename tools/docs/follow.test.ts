// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import type { Block } from './blocks.js';
import { isAsShown, stepsOf } from './follow.js';

const block = (language: string, text: string): Block => ({ file: 'docs/a.md', line: 1, language, text });

it('a page is taken apart into files, and commands with what is shown behind each', () => {
  const steps = stepsOf([
    block('ts', '// a.mjs\nconsole.log(1);\n'),
    block('ts', 'console.log(2);\n'),
    block('console', '$ node a.mjs\n1\n\n$ b \\\n  c\nd\ne\n'),
    block('sh', 'f\ng\n'),
    block('', 'h\n'),
  ]);
  expect(steps).toEqual([
    { kind: 'file', line: 1, name: 'a.mjs', text: '// a.mjs\nconsole.log(1);\n' },
    { kind: 'command', line: 1, command: 'node a.mjs', shown: '1' },
    { kind: 'command', line: 1, command: 'b \\\n  c', shown: 'd\ne' },
    { kind: 'command', line: 1, command: 'f\ng' },
  ]);
});

it.each([
  ['a\n…\nd', 'a\nb\nc\nd', true],
  ['a\n…\nd', 'a\nd', true],
  ['a\n…', 'a\nb\n', true],
  ['…\nb', 'a\nb', true],
  ['a … c', 'a b c', true],
  ['seed build   0.07 s  ok', 'seed build  12.30 s  ok', true],
  [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`, true],
  ['a', 'a\nb', false],
  ['a\n…\nd', 'a\nb', false],
  ['a.c', 'abc', false],
  ['seed build   0.07 s  ok', 'seed build   0.07 s  failed', false],
  ['', 'a', false],
])('where a page shows %j and a command says %j, whether they agree is %j', (shown, said, agree) => {
  expect(isAsShown(shown, said)).toBe(agree);
});
