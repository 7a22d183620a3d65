// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPurl } from '../spdx/purl.js';
import type { SystemPackage } from './package.js';
import { systemPurl } from './purl.js';

const DEBIAN = {
  id: 'debian',
  versionId: '12',
  buildId: undefined,
  name: 'Debian GNU/Linux',
  path: 'etc/os-release',
};

function item(name: string, version: string, source = name, sourceVersion = version): SystemPackage {
  return {
    manager: 'dpkg',
    name,
    version,
    architecture: 'amd64',
    source: { name: source, version: sourceVersion },
    maintainer: undefined,
    homepage: undefined,
    licence: undefined,
    note: undefined,
    database: 'var/lib/dpkg/status',
  };
}

describe('systemPurl', () => {
  it.each([
    [
      item('libstdc++6', '12.2.0-14+deb12u1', 'gcc-12'),
      'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12&upstream=gcc-12',
    ],
    [
      item('bsdutils', '1:2.38.1-5+b1', 'util-linux', '2.38.1-5'),
      'pkg:deb/debian/bsdutils@1:2.38.1-5%2Bb1?arch=amd64&distro=debian-12&upstream=util-linux%402.38.1-5',
    ],
    [item('dash', '0.5.12~rc1'), 'pkg:deb/debian/dash@0.5.12~rc1?arch=amd64&distro=debian-12'],
  ])('the package URL of %j is as the specification encodes it', (one, url) => {
    expect(systemPurl(one, DEBIAN)).toBe(url);
  });

  it('a system of no version is called by its build, or by its name alone', () => {
    const rolling = { ...DEBIAN, id: 'arch', versionId: undefined };
    expect(systemPurl(item('a', '1'), rolling)).toContain('distro=arch');
    expect(systemPurl(item('a', '1'), { ...rolling, buildId: 'rolling' })).toContain('distro=arch-rolling');
  });

  it('whatever a package is called, its URL is one', () => {
    const text = fc.stringMatching(/^[!-~]{1,20}$/).filter((word) => word !== '.' && word !== '..');
    fc.assert(
      fc.property(text, text, text, (name, version, source) => {
        expect(isPurl(systemPurl(item(name, version, source), DEBIAN))).toBe(true);
      }),
    );
  });
});
