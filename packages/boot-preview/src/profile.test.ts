// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { BootPreviewError, PROFILE_NAMES, profileNamed } from './index.js';
import { PROFILES } from './profile.js';

describe('the profiles', () => {
  it('the profiles are three, each found by its name', () => {
    expect(PROFILE_NAMES).toEqual([
      'x86_64-seabios-grub-preview',
      'x86_64-grub2-bios-preview',
      'x86_64-grub2-uefi-preview',
    ]);
    for (const profile of PROFILES) expect(profileNamed(profile.name)).toBe(profile);
  });

  it('each profile boots from a partition that suits its firmware, or from a CD', () => {
    for (const { targetFirmware, attach, artifactFormat, ...partitions } of PROFILES) {
      expect(attach === 'cdrom').toBe(artifactFormat === 'iso');
      if (attach === 'cdrom') continue;
      expect(partitions).toMatchObject({
        biosBootPartition: targetFirmware === 'seabios',
        efiSystemPartition: targetFirmware === 'uefi',
      });
    }
  });

  it.each(['', 'x86_64-grub2-uefi-preview ', 'X86_64-GRUB2-UEFI-PREVIEW', 'constructor', '__proto__'])(
    'no profile is called %j',
    (name) => {
      expect(() => profileNamed(name)).toThrow(BootPreviewError);
      expect(() => profileNamed(name)).toThrow(
        expect.objectContaining({
          code: 'unknown-profile',
          kind: 'usage',
          fix: expect.stringContaining('-uefi-'),
        }),
      );
    },
  );
});
