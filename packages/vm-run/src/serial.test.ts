// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serialLines } from './index.js';
import { stripEscapes } from './serial.js';

const lines = (text: string) => serialLines(Buffer.from(text));

describe('serialLines', () => {
  it('whole lines are found behind what firmware draws around them', () => {
    const log = '\x1b[2J\x1b[01;01H\x1b[=3hBdsDxe: starting\r\n\x1b[1m\x1b[37mSEED_OK\x1b[0m\r\r\nID 1\n';
    expect(lines(log)).toEqual(['BdsDxe: starting', 'SEED_OK', 'ID 1']);
  });

  it.each([
    ['inside a window title', '\x1b]0;\nSEED_OK\n\x07'],
    ['inside a title that is never finished', '\x1b]0;\nSEED_OK\n'],
    ['inside a device control string', '\x1bP\nSEED_OK\n\x07\x1b\\'],
    ['inside an eight-bit string', '\u009d0;\nSEED_OK\n\u009c'],
    ['inside an application command', '\x1b_\nSEED_OK\n\x1b\\'],
    ['with its first letter ending a sequence', '\x1b[\nSEED_OK\n'],
    ['with its first letter ending an escape', '\x1b#\nSEED_OK\n'],
    ['after other text', 'not SEED_OK\n'],
    ['before other text', 'SEED_OK?\n'],
    ['over other text', 'something\rSEED_OK\n'],
    ['without the end of its line', 'SEED_OK'],
    ['across a broken character', 'SEED\xff_OK\n'],
  ])('a sentinel %s is no line', (_, log) => {
    expect(serialLines(Buffer.from(log, log.includes('\xff') ? 'latin1' : 'utf8'))).not.toContain('SEED_OK');
  });

  it('lines are found after a sequence that was cut off', () => {
    expect(lines('\x1b[12\x18\nSEED_OK\n\x1b]0;t\x1b\\\nSEED_OK\n')).toEqual(['', 'SEED_OK', '', 'SEED_OK']);
  });

  it('text in UTF-8 is kept', () => expect(lines('\u201cgrün\u201d\n')).toEqual(['\u201cgrün\u201d']));

  it('the lines that a log showed stay while the log grows', () => {
    const pieces = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      'P',
      '\x07',
      '\x9d',
      '\x9c',
      '1',
      '\n',
      '\r',
      'x',
      '\xff',
      '\xc2',
    );
    fc.assert(
      fc.property(fc.array(pieces), fc.nat(), (parts, cut) => {
        const log = Buffer.from(parts.join(''), 'latin1');
        const before = serialLines(log.subarray(0, cut % (log.length + 1)));
        expect(serialLines(log).slice(0, before.length)).toEqual(before);
      }),
    );
  });

  it('no escape is left in any text, and text without controls is left alone', () => {
    const pieces = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      'P',
      '\x07',
      '\x1b\\',
      '\x9b',
      '1;2',
      'm',
      '\n',
      'x',
      '\x18',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        expect(stripEscapes(parts.join(''))).not.toMatch(/[\x1b\x9b]/);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/[\x1b\x80-\x9f]/.test(text));
        expect(stripEscapes(text)).toBe(text);
      }),
    );
  });
});

describe('a line of a serial log', () => {
  it.each([
    ['with carriage returns around it', '\r\rSEED_OK\r\r\n'],
    ['behind a title that BEL ends', '\x1b]0;t\x07SEED_OK\n'],
    ['behind a title that CAN ends', '\x1b]0;t\x18SEED_OK\n'],
    ['behind a device control string that SUB ends', '\x1bPx\x1aSEED_OK\n'],
    ['behind an eight-bit string that ST ends', '\u0090x\u009cSEED_OK\n'],
  ])('a line %s is shown', (_, log) => expect(lines(log)).toEqual(['SEED_OK']));

  it.each([
    ['with a carriage return in it', 'SEED\r_OK\n', ['SEED\r_OK']],
    ['inside a device control string that is never finished', '\x1bPx\nSEED_OK\n', []],
    ['inside a device control string that BEL does not end', '\x1bPx\x07SEED_OK\n', []],
  ])('a line %s is not shown', (_, log, shown) => expect(lines(log)).toEqual(shown));

  it('a line of carriage returns takes no longer than another', () => {
    // With a step for each pair of them this takes minutes, and the limit of a test is one.
    const line = `a${'\r'.repeat(1_000_000)}a`;
    expect(lines(`\r${line}\r\n`)).toEqual([line]);
  });
});
