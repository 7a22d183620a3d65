// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { buildSbom } from '../build/build.js';
import { formatSbom } from '../build/format.js';
import type { SbomPackage } from '../build/input.js';
import { checkSbom } from '../check/check.js';
import { firmwarePackage } from './firmware.js';
import { grubPackage } from './grub.js';

const SHA256 = 'ab'.repeat(32);

/** Lists what the clauses of SPDX say against a document with this package alone. */
const findings = (item: SbomPackage) =>
  checkSbom(
    formatSbom(
      buildSbom({
        name: 'component',
        created: '1970-01-01T00:00:00Z',
        tool: { name: 'test', version: '1' },
        describes: [item.id],
        packages: [item],
      }),
    ),
  ).findings;

describe('grubPackage', () => {
  it.each([
    ['2.06-13+deb12u1', 'pkg:deb/debian/grub2@2.06-13%2Bdeb12u1'],
    ['2.06-2ubuntu7.2', 'pkg:deb/ubuntu/grub2@2.06-2ubuntu7.2'],
    ['2.12-1~bpo12+1', 'pkg:generic/grub@2.12-1~bpo12%2B1'],
    ['2.12-5', 'pkg:generic/grub@2.12-5'],
    ['2.06', 'pkg:generic/grub@2.06'],
  ])('the purl of GRUB %s names its distribution as far as the version does', (version, purl) => {
    const grub = grubPackage(version);
    expect(grub).toMatchObject({ name: 'grub', version, purl, declaredLicence: 'GPL-3.0-or-later' });
    expect(findings(grub)).toEqual([]);
  });
});

describe('firmwarePackage', () => {
  it.each([
    [
      { kind: 'seabios', sha256: SHA256, version: '1.16.2-1' },
      'LGPL-3.0-only',
      'pkg:generic/seabios@1.16.2-1',
    ],
    [{ kind: 'ovmf', sha256: SHA256 }, 'BSD-2-Clause-Patent', 'pkg:generic/ovmf'],
  ] as const)('firmware is described as a package: %o', (use, declaredLicence, purl) => {
    expect(firmwarePackage(use)).toMatchObject({ sha256: SHA256, declaredLicence, purl });
    expect(findings(firmwarePackage(use))).toEqual([]);
  });
});
