// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlistSpec, writePlist } from '../../test/macos/plist.js';
import { type Plist, parsePlist } from './plist.js';

const plist = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${body}
</plist>
`;

describe('parsePlist', () => {
  it('every kind of value of a property list is read', () => {
    const text = plist(`<dict>
	<key>Size</key>
	<integer>18446744073709551615</integer>
	<key>Ejectable</key>
	<true/>
	<key>Internal</key>
	<false/>
	<key>VolumeName</key>
	<string></string>
	<key>A &amp; B &#60;&#x3e;</key>
	<string>&lt;"&quot;&apos;é漢&gt;</string>
	<key>Load</key>
	<real>-1.5e3</real>
	<key>When</key>
	<date>2026-01-02T03:04:05Z</date>
	<key>List</key>
	<array>
		<string/>
		<array/>
		<dict/>
		<data>AAEC</data>
	</array>
</dict>`);
    expect(parsePlist(text)).toEqual(
      new Map<string, Plist>([
        ['Size', 18446744073709551615n],
        ['Ejectable', true],
        ['Internal', false],
        ['VolumeName', ''],
        ['A & B <>', `<""'é漢>`],
        ['Load', -1500],
        ['When', '2026-01-02T03:04:05Z'],
        ['List', ['', [], new Map(), 'AAEC']],
      ]),
    );
  });

  it.each([
    ['nothing', ''],
    ['no property list', 'Could not find disk: disk9\n'],
    ['no declaration', plist('<true/>').replace(/^.*\n/, '')],
    ['no document type', plist('<true/>').replace(/<!DOCTYPE.*\n/, '')],
    ['an entity of its own', plist('<true/>').replace('.dtd">', '.dtd" [<!ENTITY x "y">]>')],
    ['another version', plist('<true/>').replace('<plist version="1.0">', '<plist version="2.0">')],
    ['a cut end', plist('<dict><key>a</key><true/></dict>').slice(0, -25)],
    ['no value', plist('')],
    ['two values', plist('<true/><true/>')],
    ['text beside the value', plist('<true/>x')],
    ['text in a collection', plist('<array>x<true/></array>')],
    ['a collection that is not closed', plist('<array><true/>')],
    ['a collection that is closed as another', plist('<array><true/></dict>')],
    ['one end too many', plist('</array>')],
    ['a key without a value', plist('<dict><key>a</key></dict>')],
    ['a value without a key', plist('<dict><true/></dict>')],
    ['two keys in a row', plist('<dict><key>a</key><key>b</key><true/></dict>')],
    ['a key twice', plist('<dict><key>a</key><true/><key>a</key><false/></dict>')],
    ['a key outside of a dictionary', plist('<array><key>a</key><true/></array>')],
    ['an unknown element', plist('<set/>')],
    ['an attribute', plist('<string lang="en">a</string>')],
    ['an element in a text', plist('<string>a<b/></string>')],
    ['an unknown entity', plist('<string>&nbsp;</string>')],
    ['a bare ampersand', plist('<string>a & b</string>')],
    ['an entity without its end', plist('<string>&amp b</string>')],
    ['a character that there is none of', plist('<string>&#x110000;</string>')],
    ['an empty integer', plist('<integer></integer>')],
    ['an integer with a fraction', plist('<integer>1.5</integer>')],
    ['a real that is none', plist('<real>nan</real>')],
    ['a comment', plist('<!-- a --><true/>')],
  ])('the parser of property lists refuses %s', (_, text) => {
    expect(parsePlist(text)).toBeUndefined();
  });

  const name = fc.string({ unit: fc.constantFrom(...'ab &<>"\'é漢;#x'), maxLength: 6 });
  const { spec } = fc.letrec<{ spec: PlistSpec }>((tie) => ({
    spec: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      name,
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
      fc.boolean(),
      fc.array(tie('spec'), { maxLength: 4 }),
      fc.dictionary(name, tie('spec'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const toPlist = (value: PlistSpec): Plist => {
    if (Array.isArray(value)) return value.map(toPlist);
    if (typeof value === 'number') return BigInt(value);
    return typeof value === 'object'
      ? new Map(Object.entries(value).map(([key, item]): [string, Plist] => [key, toPlist(item)]))
      : value;
  };

  it('a property list is read back as it was written', () => {
    fc.assert(
      fc.property(spec, (value) => {
        expect(parsePlist(writePlist(value))).toEqual(toPlist(value));
      }),
      { numRuns: 200 },
    );
  });

  it('no part of a property list is taken for the whole', () => {
    fc.assert(
      fc.property(spec, fc.nat(), (value, cut) => {
        const text = writePlist(value).trimEnd();
        expect(parsePlist(text.slice(0, cut % text.length))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
