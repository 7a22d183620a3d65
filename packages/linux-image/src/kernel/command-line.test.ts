// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { assertCommandLine } from './command-line.js';

it('a command line is taken up to what the kernel and the loaders take', () => {
  expect(() => assertCommandLine('x'.repeat(2047), 4096)).not.toThrow();
  expect(() => assertCommandLine('x'.repeat(255), 255)).not.toThrow();
  expect(() => assertCommandLine('', 255)).not.toThrow();
});

it.each([
  ['x'.repeat(2048), 4096, /2048 characters, of which the kernel takes 2047/],
  ['x'.repeat(256), 255, /256 characters, of which the kernel takes 255/],
  ['two\nlines', 2047, /U\+000a at 3, .* one line/],
  ['umläut', 2047, /ASCII/],
])('a command line that would not arrive is refused as a mistake in its use', (text, limit, message) => {
  expect(() => assertCommandLine(text, limit)).toThrow(
    expect.objectContaining({
      code: 'bad-command-line',
      kind: 'usage',
      message: expect.stringMatching(message),
    }),
  );
});
