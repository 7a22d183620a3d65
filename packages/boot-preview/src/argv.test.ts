// SPDX-License-Identifier: Apache-2.0
import type { MachineFirmware } from '@latticra/qemu-argv';
import { type BootFirmware, bootArgv } from '@latticra/vm-run';
import { describe, expect, it } from 'vitest';
import { profileMachine } from './argv.js';
import { profileArgv } from './index.js';
import { PROFILES } from './profile.js';

const UEFI = { kind: 'uefi', code: '/fw/CODE.fd', requiresSmm: false } as const;

describe.each(PROFILES)('the argv of $name', (profile) => {
  const uefi = profile.targetFirmware === 'uefi';
  const requested: BootFirmware = uefi
    ? { ...UEFI, codeFormat: 'raw', vars: '/fw/VARS.fd', varsFormat: 'raw' }
    : { kind: 'seabios', code: '/fw/b' };
  const started: MachineFirmware = uefi
    ? { ...UEFI, vars: '/run/vars.fd', varsAccess: 'private' }
    : { kind: 'seabios', code: '/fw/b' };

  it('the argv of a profile is what vm-run starts', () => {
    const request = {
      ...profileMachine(profile),
      program: '/bin/qemu',
      firmware: requested,
      image: { path: '/images/disk', format: 'raw' },
      outputDir: '/out',
      timeoutMs: 1,
    } as const;
    expect(
      profileArgv(profile, {
        program: '/bin/qemu',
        firmware: started,
        diskImage: '/images/disk',
        serialLog: '/run/serial.log',
      }),
    ).toEqual(bootArgv(request, '/run'));
  });

  it('the argv of a profile is of its own machine and image, read-only, without a network', () => {
    const argv = profileArgv(profile, {
      program: 'qemu',
      firmware: started,
      diskImage: 'disk',
      serialLog: 'log',
    }).join(' ');
    expect(argv).toContain(`-machine ${profile.qemuMachine === 'q35' ? 'q35' : 'pc'},accel=tcg`);
    expect(argv).toContain('readonly=on');
    expect(argv).toContain('-nic none');
    expect(argv.includes('media=cdrom')).toBe(profile.artifactFormat === 'iso');
    expect(argv.includes('if=pflash')).toBe(uefi);
  });
});
