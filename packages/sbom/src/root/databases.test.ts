// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseApkInstalled } from './apk.js';
import { parseDpkgStatus, parseDpkgStatusFile } from './dpkg.js';

const stanza = (status: string, more = '') =>
  `Package: bsdutils\nStatus: ${status}\nArchitecture: amd64\nVersion: 1:2.38.1-5+b1\n${more}`;
const dpkg = (text: string) => parseDpkgStatus(text, 'status');

describe('parseDpkgStatus', () => {
  it.each([
    ['install ok installed', true],
    ['hold ok installed', true],
    ['deinstall ok installed', true],
    ['purge reinstreq half-installed', true],
    ['install ok unpacked', true],
    ['install ok half-configured', true],
    ['install ok triggers-awaited', true],
    ['install ok triggers-pending', true],
    ['deinstall ok config-files', false],
    ['unknown ok not-installed', false],
  ])('the third word of the Status %j decides whether a package is there', (status, isThere) => {
    expect(dpkg(stanza(status)).length).toBe(isThere ? 1 : 0);
  });

  it('a package that is not plainly installed has a note', () => {
    expect(dpkg(stanza('install ok installed'))[0]?.note).toBeUndefined();
    expect(dpkg(stanza('install reinstreq half-installed'))[0]?.note).toContain('partly');
  });

  it('the source of a package is its own name and version unless the database says another', () => {
    const source = (more: string) => dpkg(stanza('install ok installed', more))[0]?.source;
    expect(source('')).toEqual({ name: 'bsdutils', version: '1:2.38.1-5+b1' });
    expect(source('Source: util-linux\n')).toEqual({ name: 'util-linux', version: '1:2.38.1-5+b1' });
    expect(source('Source: util-linux (2.38.1-5)\n')).toEqual({ name: 'util-linux', version: '2.38.1-5' });
  });

  it('one name may be installed for two architectures, and not twice for one', () => {
    const other = stanza('install ok installed').replace('amd64', 'i386');
    expect(
      dpkg(`${stanza('install ok installed')}\n${other}`).map(({ architecture }) => architecture),
    ).toEqual(['amd64', 'i386']);
    expect(() => dpkg(`${stanza('install ok installed')}\n${stanza('install ok installed')}`)).toThrow(
      'twice',
    );
  });

  it.each([
    [stanza('installed'), 'has the Status "installed"'],
    [stanza('install ok constructor'), 'which is none'],
    [stanza('install ok installed').replace(/Version.*\n/, ''), 'Version is missing'],
    [stanza('install ok installed').replace('amd64', 'am d64'), 'Architecture is missing, or no word'],
    [stanza('install ok installed').replace(/Status.*\n/, ''), 'without a Status'],
    [stanza('install ok installed', 'Source: a b c\n'), 'Source'],
  ])('%j is refused', (text, reason) => {
    expect(() => dpkg(text)).toThrow(reason);
  });

  it('a file of status.d needs no Status', () => {
    const [item] = parseDpkgStatusFile(stanza('x').replace(/Status.*\n/, ''), 'status.d/x');
    expect(item).toMatchObject({ name: 'bsdutils', version: '1:2.38.1-5+b1' });
  });
});

describe('parseApkInstalled', () => {
  const record =
    'C:Q1abc=\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\no:musl\nm:Östen <o@example.org>\nF:lib\nR:ld.so\na:0:0:755\nZ:Q1x=\nR:libc.so\n';

  it('records are read, with or without an empty line behind the last', () => {
    const other = record.replace('P:musl\n', 'P:musl-utils\n');
    for (const end of ['', '\n']) {
      expect(parseApkInstalled(`${record}\n${other}${end}`, 'db')).toMatchObject([
        {
          name: 'musl',
          version: '1.2.4-r2',
          architecture: 'x86_64',
          source: { name: 'musl' },
          licence: 'MIT',
        },
        { name: 'musl-utils', source: { name: 'musl', version: '1.2.4-r2' } },
      ]);
    }
  });

  it.each([
    [record.replace('V:1.2.4-r2\n', ''), 'version'],
    [record.replace('V:', 'P:'), 'second time'],
    [`${record}words\n`, 'no field'],
  ])('%j is refused', (text, reason) => {
    expect(() => parseApkInstalled(text, 'db')).toThrow(reason);
  });
});
