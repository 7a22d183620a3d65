// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeControls, isPlainText } from './index.js';

describe('escapeControls', () => {
  it('escapeControls makes any text plain, and leaves plain text alone', () => {
    const units = fc.constantFrom(
      'a',
      'é',
      '😀',
      '\n',
      '\u001b',
      '\u007f',
      '\u009b',
      '\u2028',
      '\ud800',
      '\udc00',
    );
    fc.assert(
      fc.property(fc.string({ unit: units, maxLength: 12 }), (text) => {
        expect(isPlainText(escapeControls(text))).toBe(true);
        if (isPlainText(text)) expect(escapeControls(text)).toBe(text);
      }),
    );
  });

  it('an escaped text shows what was there', () => {
    expect(escapeControls('a\n\u009b2J\u2028\ud800z')).toBe('a\\u000a\\u009b2J\\u2028\\ud800z');
  });
});
