// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArmour, readArmour } from './armour.js';
import { decodeBase64 } from './base64.js';

const some = fc.uint8Array({ minLength: 1, maxLength: 300 });
const bytesOf = (text: string) => {
  const found = readArmour('SSH SIGNATURE', text);
  return 'bytes' in found ? new Uint8Array(found.bytes) : found.reason;
};

describe('armour', () => {
  it('what is written is read back, in lines of at most 70 characters', () => {
    fc.assert(
      fc.property(some, (bytes) => {
        const text = formatArmour('SSH SIGNATURE', bytes);
        expect(bytesOf(text)).toEqual(new Uint8Array(bytes));
        const lines = text.split('\n').slice(1, -2);
        expect(lines.slice(0, -1).every(({ length }) => length === 70)).toBe(true);
        expect(lines.at(-1)?.length).toBeLessThanOrEqual(70);
      }),
    );
  });

  it('blanks, empty lines and CR LF between the first and the last line change nothing', () => {
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.constantFrom('', ' ', '\t', '\n', '\r\n')), (bytes, gaps) => {
        const body = [...Buffer.from(bytes).toString('base64')]
          .map((each) => each + gaps.next().value)
          .join('');
        const text = `-----BEGIN SSH SIGNATURE-----\n${body}\n-----END SSH SIGNATURE-----`;
        expect(bytesOf(text)).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it('anything before or behind it, but for one line end, makes it none', () => {
    const extra = fc.string({ minLength: 1, unit: 'binary-ascii' });
    fc.assert(
      fc.property(some, extra, (bytes, text) => {
        const sound = formatArmour('SSH SIGNATURE', bytes);
        expect(bytesOf(text + sound)).toMatch(/^does not begin/);
        expect(bytesOf(sound + text)).toMatch(/^has something behind/);
      }),
    );
  });

  it('another label, no body, no last line and a lone CR make it none', () => {
    expect(bytesOf(formatArmour('OPENSSH PRIVATE KEY', Buffer.from('x')))).toMatch(/^does not begin/);
    expect(bytesOf(formatArmour('SSH SIGNATURE', Buffer.alloc(0)))).toBe('is empty');
    expect(bytesOf('-----BEGIN SSH SIGNATURE-----\nQUJD\n')).toMatch(/^has no line/);
    expect(bytesOf('-----BEGIN SSH SIGNATURE-----\nQU\rJD\n-----END SSH SIGNATURE-----\n')).toMatch(/base64/);
  });
});

describe('decodeBase64', () => {
  it('a text is decoded only where encoding again gives it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABab01+/-_= \n') }), (text) => {
        const bytes = decodeBase64(text);
        if (bytes !== undefined) expect(bytes.toString('base64')).toBe(text);
        else
          expect(Buffer.from(text, 'base64').toString('base64') === text && /^[^-_ \n]*$/.test(text)).toBe(
            false,
          );
      }),
    );
  });
});
