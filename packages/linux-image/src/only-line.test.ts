// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinuxImageError, onlyLine } from './index.js';

const lines = fc.string({ minLength: 1 }).filter((text) => !text.includes('\n'));

describe('onlyLine', () => {
  it('any one line is given back, without its end', () => {
    fc.assert(
      fc.property(lines, (line) => {
        expect(onlyLine(`${line}\n`)).toBe(line);
      }),
    );
  });

  it('more than one line, and a line without its end, are refused', () => {
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        for (const text of [one, `${one}\n${other}\n`, `${one}\n\n`]) {
          expect(() => onlyLine(text)).toThrow(LinuxImageError);
        }
      }),
    );
  });

  it.each(['', '\n'])('the text %j, which has no line, is refused', (text) => {
    expect(() => onlyLine(text)).toThrow(
      expect.objectContaining({ code: 'not-one-line', kind: 'data', fix: expect.stringMatching(/\w/) }),
    );
  });
});
