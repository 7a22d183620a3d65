// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGrubVersion } from './grub-version.js';

const NOTE = `#!/bin/bash
grub_modinfo_target_cpu=x86_64
grub_modinfo_platform=efi
grub_version="2.06"
grub_package_version="2.06-13+deb12u1"
`;
const find = (text: string | Uint8Array) => findGrubVersion(bytesSource(Buffer.from(text)));

describe('findGrubVersion', () => {
  it('the version is found in modinfo.sh, and wherever that lies among other bytes', () => {
    expect(find(NOTE)).toBe('2.06-13+deb12u1');
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (before, after) => {
        const bytes = Buffer.concat([before, Buffer.from(`\n${NOTE}`), after]);
        expect(find(bytes)).toBe('2.06-13+deb12u1');
      }),
      { numRuns: 50 },
    );
  });

  it('the one version that two copies name is found', () => {
    expect(find(NOTE + NOTE)).toBe('2.06-13+deb12u1');
  });

  it('no version is found where none is named, or more than one', () => {
    const others = [
      '',
      'GRUB 2.06',
      'grub_package_version="2.06"\n',
      NOTE.replace('2.06-13', '$(id)'),
      NOTE.replace(/^grub_package.*\n/m, ''),
      NOTE + NOTE.replaceAll('deb12u1', 'deb12u2'),
    ];
    for (const text of others) expect(find(text)).toBeUndefined();
  });
});
