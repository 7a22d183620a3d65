// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  type EvidenceDocument,
  EvidenceError,
  type EvidenceErrorCode,
  type Field,
  formatDocument,
} from './index.js';

const withFields = (...fields: Field[]): EvidenceDocument => ({ title: 'T', fields, sections: [] });
const withTitle = (title: string): EvidenceDocument => ({ title, fields: [], sections: [] });
const withSections = (...names: string[]): EvidenceDocument => ({
  title: 'T',
  fields: [],
  sections: names.map((name) => ({ name, fields: [] })),
});

describe('formatDocument', () => {
  it('title, fields and sections are written, each section after one blank line', () => {
    expect(
      formatDocument({
        title: 'LATTICRA TEST',
        fields: [{ key: 'a', value: '1' }],
        sections: [
          { name: 'empty', fields: [] },
          { name: 'profile:x86_64-bios', fields: [{ key: 'b.c-d_e', value: 'f = g' }] },
        ],
      }),
    ).toBe('LATTICRA TEST\na=1\n\n[empty]\n\n[profile:x86_64-bios]\nb.c-d_e=f = g\n');
  });

  it('one key may stand in two sections', () => {
    const fields = [{ key: 'a', value: '1' }];
    expect(formatDocument({ title: 'T', fields, sections: [{ name: 's', fields }] })).toBe(
      'T\na=1\n\n[s]\na=1\n',
    );
  });

  it.each<[string, EvidenceDocument, EvidenceErrorCode]>([
    ['a value with LF', withFields({ key: 'a', value: 'x\nbootable_os_ready=1' }), 'bad-value'],
    ['a value with CR', withFields({ key: 'a', value: 'x\r' }), 'bad-value'],
    ['a value with a tab', withFields({ key: 'a', value: '\t' }), 'bad-value'],
    ['a value with NUL', withFields({ key: 'a', value: '\0' }), 'bad-value'],
    ['a value with an escape', withFields({ key: 'a', value: '\u001b[2J' }), 'bad-value'],
    ['a value with DEL', withFields({ key: 'a', value: '\u007f' }), 'bad-value'],
    ['a value with an 8-bit CSI', withFields({ key: 'a', value: '\u009b2J' }), 'bad-value'],
    ['a value with a line separator', withFields({ key: 'a', value: '\u2028' }), 'bad-value'],
    ['a value with a direction override', withFields({ key: 'a', value: 'gpj\u202etxt' }), 'bad-value'],
    ['a title with a zero width space', withTitle('T\u200bU'), 'bad-line'],
    ['a value without UTF-8', withFields({ key: 'a', value: '\ud800' }), 'bad-value'],
    ['an empty key', withFields({ key: '', value: '' }), 'bad-key'],
    ['a key in capitals', withFields({ key: 'A', value: '' }), 'bad-key'],
    ['a key with =', withFields({ key: 'a=b', value: '' }), 'bad-key'],
    ['a key with LF', withFields({ key: 'a\n', value: '' }), 'bad-key'],
    ['a key that starts with _', withFields({ key: '_a', value: '' }), 'bad-key'],
    ['a key that is not ASCII', withFields({ key: 'é', value: '' }), 'bad-key'],
    ['a doubled key', withFields({ key: 'a', value: '1' }, { key: 'a', value: '1' }), 'duplicate'],
    ['a doubled section', withSections('s', 's'), 'duplicate'],
    ['a section without a name', withSections(''), 'bad-key'],
    ['a section with a bracket', withSections('s]'), 'bad-key'],
    ['a section with LF', withSections('s\n'), 'bad-key'],
    ['a section with an empty part', withSections('s:'), 'bad-key'],
    ['an empty title', withTitle(''), 'bad-line'],
    ['a title like a field', withTitle('a=1'), 'bad-line'],
    ['a title like a section', withTitle('[a]'), 'bad-line'],
    ['a title with LF', withTitle('T\na=1'), 'bad-line'],
    ['a title with a byte order mark', withTitle('\ufeffT'), 'bad-line'],
    ['a title with space around it', withTitle(' T'), 'bad-line'],
    ['a claim', withFields({ key: 'production_os_claim', value: '1' }), 'forbidden-claim'],
    ['a claim that is empty', withFields({ key: 'usb_write_executed', value: '' }), 'forbidden-claim'],
    ['a claim that is 00', withFields({ key: 'full_os_install_ready', value: '00' }), 'forbidden-claim'],
    ['a long line', withFields({ key: 'a', value: 'x'.repeat(8190) }), 'too-large'],
    ['a long title', withTitle('T'.repeat(8192)), 'too-large'],
    ['a long section name', withSections('s'.repeat(8190)), 'too-large'],
  ])('the writer refuses %s', (_, document, code) => {
    expect(() => formatDocument(document)).toThrow(EvidenceError);
    expect(() => formatDocument(document)).toThrow(expect.objectContaining({ code, kind: 'data' }));
  });

  it('a claim in a section is refused as well', () => {
    const sections = [{ name: 's', fields: [{ key: 'bootable_os_ready', value: '1' }] }];
    expect(() => formatDocument({ title: 'T', fields: [], sections })).toThrow(
      expect.objectContaining({ code: 'forbidden-claim', key: 'bootable_os_ready' }),
    );
  });

  it('a line of 8191 bytes is written', () => {
    expect(formatDocument(withFields({ key: 'a', value: 'x'.repeat(8189) }))).toHaveLength(8194);
  });
});
