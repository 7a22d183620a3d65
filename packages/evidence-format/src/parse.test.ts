// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EvidenceError, type EvidenceErrorCode, formatDocument, parseDocument } from './index.js';
import { MAX_DOCUMENT_BYTES, MAX_LINE_BYTES } from './limits.js';

/** The error that `run` ends with. */
function refusal(run: () => unknown): EvidenceError {
  try {
    run();
  } catch (error) {
    if (error instanceof EvidenceError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const folder = new URL('../test/cases/', import.meta.url);
/** `<what>.<code>.line-<n>_fail.txt`: refused with that code at that line; `<what>.txt`: accepted. */
const cases = readdirSync(folder).map((file) => {
  const [, code, line] = /\.([a-z-]+)\.line-(\d+)_fail\.txt$/.exec(file) ?? [];
  return { file, code, line: Number(line), bytes: readFileSync(new URL(file, folder)) };
});

describe('the case files', () => {
  it('the case files hold both valid and invalid documents', () => {
    expect(cases.filter(({ code }) => code !== undefined).length).toBeGreaterThan(20);
    expect(cases.filter(({ code }) => code === undefined).length).toBeGreaterThan(3);
  });

  it.each(cases.filter(({ code }) => code === undefined))(
    'the document in $file is accepted',
    ({ bytes }) => {
      expect(Buffer.from(formatDocument(parseDocument(bytes))).equals(bytes)).toBe(true);
    },
  );

  it.each(cases.filter(({ code }) => code !== undefined))(
    'the document in $file is refused',
    ({ bytes, code, line }) => {
      const error = refusal(() => parseDocument(bytes));
      expect({ code: error.code, line: error.line }).toEqual({ code, line });
      expect(error.message).toContain(`line ${line}: `);
      expect(error.kind).toBe('data');
    },
  );
});

describe('parseDocument', () => {
  it('title, fields and sections are read in their order', () => {
    expect(parseDocument('T U\nb=1\na=x=y \n\n[s:1]\n\n[r]\nb=\n')).toEqual({
      title: 'T U',
      fields: [
        { key: 'b', value: '1' },
        { key: 'a', value: 'x=y ' },
      ],
      sections: [
        { name: 's:1', fields: [] },
        { name: 'r', fields: [{ key: 'b', value: '' }] },
      ],
    });
  });

  it('a refusal names line, key and what was expected', () => {
    const error = refusal(() => parseDocument('T\na=1\nbootable_os_ready=1\n'));
    expect(error).toMatchObject({ code: 'forbidden-claim', line: 3, key: 'bootable_os_ready' });
    expect(error.message).toBe('line 3: bootable_os_ready: expected 0, found "1"');
  });

  it.each<[string, string, EvidenceErrorCode]>([
    ['a direction override in a value', 'T\na=gpj\u202etxt\n', 'bad-value'],
    ['a zero width space in the title', 'T\u200bU\n', 'bad-line'],
    ['a lone surrogate in a value', 'T\na=\ud800\n', 'bad-value'],
    ['a lone surrogate in the title', 'T\udc00\n', 'bad-line'],
  ])('a string with %s, which has no bytes, is refused', (_, text, code) => {
    expect(refusal(() => parseDocument(text)).code).toBe(code);
  });

  describe('limits', () => {
    const line = (bytes: number) => `a=${'x'.repeat(bytes - 2)}`;

    it(`a line of ${MAX_LINE_BYTES} bytes is read, and no longer one`, () => {
      expect(MAX_LINE_BYTES).toBe(8191);
      expect(parseDocument(`T\n${line(8191)}\n`).fields[0]?.value).toHaveLength(8189);
      expect(refusal(() => parseDocument(`T\nb=\n${line(8192)}\n`))).toMatchObject({
        code: 'too-large',
        line: 3,
      });
    });

    it('the limits count bytes, not characters', () => {
      const wide = `a=${'é'.repeat(4094)}`; // 8190 bytes
      expect(parseDocument(`T\n${wide}x\n`).fields).toHaveLength(1);
      expect(refusal(() => parseDocument(`T\n${wide}xy\n`)).code).toBe('too-large');
    });

    it('titles and section names are held to the limit of a line too', () => {
      expect(parseDocument(`${'T'.repeat(8191)}\n`).title).toHaveLength(8191);
      expect(refusal(() => parseDocument(`${'T'.repeat(8192)}\n`)).line).toBe(1);
      expect(refusal(() => parseDocument(`T\n\n[${'s'.repeat(8190)}]\n`)).line).toBe(3);
    });

    it('a document of 4 MiB is read, and no larger one', () => {
      expect(MAX_DOCUMENT_BYTES).toBe(4 * 1024 * 1024);
      const rows = Array.from({ length: 1023 }, (_, index) => `k${index}=`.padEnd(4095, 'x'));
      const text = (extra: number) => `T\n${rows.join('\n')}\nz=${'x'.repeat(4096 - 5 + extra)}\n`;
      expect(Buffer.byteLength(text(0))).toBe(MAX_DOCUMENT_BYTES);
      expect(formatDocument(parseDocument(text(0)))).toBe(text(0));
      expect(refusal(() => parseDocument(text(1))).code).toBe('too-large');
      expect(refusal(() => parseDocument(Buffer.from(text(1)))).code).toBe('too-large');
      const full = parseDocument(text(0));
      const larger = { ...full, fields: [...full.fields, { key: 'y', value: '' }] };
      expect(refusal(() => formatDocument(larger)).code).toBe('too-large');
    });
  });
});
