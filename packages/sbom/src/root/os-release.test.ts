// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOsRelease } from './os-release.js';

const read = (text: string) => parseOsRelease(text, 'etc/os-release');

describe('parseOsRelease', () => {
  it('any value is read as a shell reads it, in quotes of either kind', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => text !== '' && !/[\n\r']/.test(text)),
        (name) => {
          expect(read(`NAME='${name}'\n`).name).toBe(name);
          expect(read(`NAME="${name.replace(/["\\$`]/g, '\\$&')}"\n`).name).toBe(name);
        },
      ),
    );
  });

  it('a later line wins, comments and empty lines say nothing, and what is missing has its default', () => {
    expect(read('# a system\n\nID=alpine\nID=debian\nVERSION_ID="12"\n')).toMatchObject({
      id: 'debian',
      versionId: '12',
      buildId: undefined,
      name: 'debian',
      path: 'etc/os-release',
    });
    expect(read('')).toMatchObject({ id: 'linux', versionId: undefined, name: 'linux' });
  });

  it.each(['NAME=two words', 'NAME=$(id)', 'NAME="a" b', 'NAME="`id`"', 'words', 'ID=../x', 'ID=Debian'])(
    '%j is refused',
    (text) => {
      expect(() => read(text)).toThrow(/etc\/os-release, line 1/);
    },
  );
});
